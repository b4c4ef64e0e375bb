"""Page objects, one for each screen: what somebody does there, in the screen's own words."""
