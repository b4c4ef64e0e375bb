"""The screens: for each a module that declares its pages and actions, and templates of its name."""
