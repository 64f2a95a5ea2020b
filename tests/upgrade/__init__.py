"""An installation of an earlier version, kept in an archive, is upgraded to this one."""
