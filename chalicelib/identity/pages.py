"""The pages behind mailed links. Opening one changes nothing, so that mail scanners may; its button does."""

from chalicelib.answers import Html

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem; color: #1c2733 }}
  label, input, select, button {{ display: block; font: inherit; width: 100%; box-sizing: border-box }}
  input, select, button {{ margin: .5rem 0 1rem; padding: .6rem }}
  button {{ background: #0b5cad; color: #fff; border: 0; border-radius: .3rem }}
</style>
<h1>{title}</h1>
<form method="post">{field}<button disabled>{button}</button></form>
<noscript>This page needs JavaScript.</noscript>
<p role="status" aria-live="polite"></p>
<script>
  const form = document.querySelector("form"), status = document.querySelector("[role=status]");
  const button = form.querySelector("button");
  button.disabled = false;
  form.onsubmit = async (submit) => {{
    submit.preventDefault();
    button.disabled = true;
    status.textContent = "One moment…";
    try {{
      const answer = await fetch(location.href, {{
        method: "POST", headers: {{"Content-Type": "application/json"}},
        body: JSON.stringify(Object.fromEntries(new FormData(form)))
      }});
      if (answer.ok) {{ form.hidden = true; status.textContent = "{done}"; return }}
      const problem = await answer.json();
      status.textContent = (problem.errors || []).map((error) => error.message).join(" ") || problem.detail;
    }} catch {{
      status.textContent = "The service can't be reached. Try again.";
    }}
    button.disabled = false;
  }};
</script>
</html>
"""

SET_PASSWORD = Html(
    _PAGE.format(
        title="Set your password",
        field='<label>New password (12 to 128 characters)<input type="password" name="password" minlength="12"'
        ' maxlength="128" autocomplete="new-password" required></label>',
        button="Set password",
        done="Your password is set. Sign in with it now.",
    )
)
RECOVERY = Html(
    _PAGE.format(
        title="Bring a site admin back",
        field='<label>What should be done?<select name="action">'
        '<option value="reactivate">Reactivate a site admin who is inactive</option>'
        '<option value="reset_totp">Reset the two-factor sign-in of a site admin</option>'
        '<option value="appoint">Appoint somebody as site admin</option></select></label>'
        '<label>Username<input name="username" maxlength="64" autocomplete="off" required></label>',
        button="Ask for it",
        done="Thank you. Support checks it and tells you by email.",
    )
)
