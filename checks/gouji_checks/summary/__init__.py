"""A whole bureau at a glance: every department's totals and findings, and all departments' tables in one."""
