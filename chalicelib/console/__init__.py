"""The console: the product's screens, made on the server of the same use cases as the API.

A page or an action is declared by `pages` and kept in `declared`. `forms` makes a command of a form's fields and shows
them again, `visits` is a browser's side of a request (cookies, origin, base path), `acting` the provider account that a
page is about. `answering` makes the answer and `rendering` its text, with `words`, `plots`, `assets` and `navigation`
(what there is, and for whom). `routes` and `staff_routes` load the screens, `astray` takes all other addresses, and
`access` names what the function needs of AWS. A module in `screens/` and a template for each screen.
"""
