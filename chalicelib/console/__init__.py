"""The console: the product's screens, made on the server of the same use cases as the API.

`pages` (one declaration per page or action), `answering`, `forms`, `visits` (cookies, origin, base path), `rendering`,
`assets`, `navigation`; a module in `screens/` and a template for each screen.
"""
