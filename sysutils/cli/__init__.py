"""The commands: options, the classics' rules, columns. Reads the system through ``sysutils.core`` only."""

#: command -> one line of help; its module below sysutils.cli has the same name
COMMANDS = {
    "df": "Show the room on the file systems of the FILEs, or on all.",
    "free": "Show the system's free and used memory.",
    "ifconfig": "Show or configure network interfaces.",
    "ionice": "Show or set the I/O scheduling class and priority of programs.",
    "iostat": "Show the CPUs' time and what block devices do.",
    "iotop": "Show what threads and processes read, write and wait for.",
    "kill": "Send signals to processes.",
    "lsof": "List open files, and the processes that have them open.",
    "netstat": "Show sockets, routes, interfaces, protocol counters and multicast groups.",
    "nice": "Run a program with an adjusted niceness.",
    "pidof": "Find the process ids of running programs.",
    "pmap": "Report the memory map of processes.",
    "ps": "Report the processes.",
    "taskset": "Show or set the CPUs of a process.",
    "top": "Show the system and its processes, frame after frame.",
    "tty": "Print the file name of the terminal on standard input.",
    "uptime": "Tell how long the system has been running.",
    "who": "Show who is logged in, or other records of logins.",
}
