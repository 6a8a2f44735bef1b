"""What people can mend: the two kinds of exception that a command prints in a line, and its exit codes."""


class Fault(Exception):
    """A wrong call, or something amiss around it; the message says what to do."""

    exit_code = 2


class FaultInData(Fault):
    """Something amiss in the data itself; the message says where, and what to do."""

    exit_code = 1
