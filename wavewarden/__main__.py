"""`python -m wavewarden` is `wavewarden`."""

from wavewarden.cli import main
from wavewarden.demo.processes import leave_with_parent

leave_with_parent()
main()
