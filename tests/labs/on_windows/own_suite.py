"""Which of the project's own tests run on Windows' CPython, and why each of the others does not.

What is said of a directory holds for all in it; a file is run if nothing is said of it."""

from __future__ import annotations

#: tests of files that are run otherwise -> why they are left out
TESTS = {
    "the command is not offered on Windows": (
        "cli/test_completion.py::test_every_command_offers_its_options",
        "cli/test_completion.py::test_what_has_a_kind_is_completed",
    ),
    "bytes that are no text, which Windows' names, of UTF-16, never are": (
        "cli/test_netstat_parts.py::test_no_file_of_services_breaks_it",
        "cli/test_netstat_parts.py::test_services_of_any_bytes",
        "cli/test_output_text.py::test_nothing_but_printable_text_is_shown",
        "cli/test_output_text.py::test_without_utf8_each_byte_is_one_character",
        "cli/test_ps_layout.py::test_bytes_of_others",
    ),
    "time.tzset, or fields of Linux' processes": (
        "cli/test_ps_parts.py::test_every_field_has_what_a_column_needs",
        "cli/test_ps_parts.py::test_ids_in_place_of_names",
        "cli/test_ps_parts.py::test_masks",
        "cli/test_ps_parts.py::test_starts",
        "cli/test_ps_parts.py::test_wait_channel",
    ),
    "a terminal of POSIX": ("cli/test_ps_layout.py::test_ps_on_a_terminal_that_has_no_size_yet",),
    "signals that Windows lacks": (
        "cli/test_top_keys.py::test_nothing_is_signalled_without_a_question",
        "cli/test_top_keys.py::test_which_processes",
    ),
    "thousands of examples, which take minutes under wine": (
        "cli/test_grammar.py::test_random_words_are_read_as_python_s_getopt_reads_them",
    ),
}

#: files and directories below tests/ -> why they are left out
FILES = {
    "recorded trees of Linux' /proc and /sys": (
        "core/linux", "core/test_annotations.py", "core/test_cpu.py", "core/test_cpu_freq.py",
        "core/test_disk.py", "core/test_host.py", "core/test_interfaces.py", "core/test_mem.py",
        "core/test_net_connections.py", "core/test_net_sockets.py", "core/test_network_links.py",
        "core/test_opens.py", "core/test_sensors.py", "core/test_counters.py", "core/test_odd_systems.py",
        "core/test_reliances.py", "core/test_rising.py", "core/test_table.py", "core/test_taskstats.py",
        "core/test_front_door.py", "core/test_process_usage.py", "core/test_as_psutil.py",
    ),
    "another system's C library, made of ctypes as POSIX has it": (
        "core/bsd", "core/darwin", "core/freebsd", "core/netbsd", "core/openbsd", "core/sunos", "core/aix",
        "core/test_sysctl.py", "core/test_native.py", "cli/test_mac.py",
    ),
    "what stands in for Windows elsewhere; test_arithmetic.py is run by its name": ("core/windows",),
    "processes of POSIX that the test makes: fork, signals, users, terminals; labs/on_windows has Windows'": (
        "core/test_process.py", "core/test_process_as_psutil.py", "core/test_processes.py",
        "core/test_relatives.py", "core/test_threads.py", "core/test_enums.py", "core/test_pythons.py",
        "core/test_heap.py",
    ),
    "psutil's own names beside ours; labs/on_windows/functions.py compares those of Windows": (
        "core/test_dropin.py",
    ),
    "the classic commands, on recorded machines or live; labs/on_windows/commands.py runs ours": (
        "cli/test_df.py", "cli/test_df_mounted.py", "cli/test_df_mounts.py", "cli/test_free.py",
        "cli/test_halves.py", "cli/test_ifconfig.py", "cli/test_ionice.py", "cli/test_iostat.py",
        "cli/test_iostat_dev.py", "cli/test_iostat_reports.py", "cli/test_iotop.py",
        "cli/test_iotop_classic.py", "cli/test_iotop_golden.py", "cli/test_kill.py", "cli/test_lsof.py",
        "cli/test_lsof_endpoints.py", "cli/test_lsof_halves.py", "cli/test_main.py", "cli/test_netstat.py",
        "cli/test_netstat_output.py", "cli/test_nice.py", "cli/test_output_golden.py", "cli/test_pidof.py",
        "cli/test_pmap.py", "cli/test_ps_classic.py", "cli/test_ps_output.py", "cli/test_rich_views.py",
        "cli/test_schemas.py", "cli/test_scripts.py", "cli/test_taskset.py", "cli/test_top.py",
        "cli/test_top_output.py", "cli/test_uptime.py", "cli/test_who.py", "cli/test_tty.py",
        "cli/test_output_writers.py", "cli/test_output_modes.py", "cli/test_top_config.py",
    ),
    "a terminal of POSIX, or a shell": (
        "cli/test_completion_shells.py", "cli/test_live_reports.py", "cli/test_netstat_live.py",
        "cli/test_top_live.py", "cli/test_top_screen.py", "cli/test_top_tmux.py", "cli/test_top_filter.py",
        "cli/test_top_parts.py", "cli/test_watch.py", "cli/test_links.py", "cli/test_help.py",
        "cli/test_elsewhere.py",
    ),
    "about the checkout, the same wherever it is asked": ("rules",),
    "labs themselves": ("labs",),
}  # fmt: skip
