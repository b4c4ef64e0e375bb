"""From the code to what AWS gets: Chalice's configuration, the template around it, the zip."""
