"""Once this is imported, argon2 costs next to nothing: at its own cost it takes a tenth of a whole run.

Whoever tests what it costs takes it as it is (`argon2_as_it_is`, in `conftest.py`).
"""

from argon2 import PasswordHasher

from chalicelib.identity import passwords

AS_IT_IS = passwords._hasher, passwords.NOBODYS_HASH
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords.NOBODYS_HASH = passwords.hashed("nobody's")
