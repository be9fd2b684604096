"""Tests of psutil's own suite that are left out, by reason: all reach behind the public API, or fail with
psutil itself on a machine like the tests'."""

REASONS: dict[str, tuple[str, ...]] = {
    "asserts of every process of the machine at once; fails with psutil itself too while others start": (
        "test_process_all.py::TestFetchAllProcesses::test_all",
    ),
    "its children can't make their sockets here; fails with psutil itself too": (
        "test_connections.py::TestSystemWideConnections::test_multi_sockets_procs",
    ),
    "patches open(), readlink() or other insides of psutil._pslinux": (
        "test_linux.py::TestMisc::test_cpu_steal_decrease",
        "test_linux.py::TestMisc::test_no_procfs_on_import",
        "test_linux.py::TestMisc::test_pid_exists_no_proc_status",
        "test_linux.py::TestProcess::test_cmdline_mixed_separators",
        "test_linux.py::TestProcess::test_cmdline_mocked",
        "test_linux.py::TestProcess::test_cmdline_spaces_mocked",
        "test_linux.py::TestProcess::test_create_time_monotonic",
        "test_linux.py::TestProcess::test_cwd_mocked",
        "test_linux.py::TestProcess::test_exe_mocked",
        "test_linux.py::TestProcess::test_issue_1014",
        "test_linux.py::TestProcess::test_issue_2418",
        "test_linux.py::TestProcess::test_open_files_fd_gone",
        "test_linux.py::TestProcess::test_readlink_path_deleted_mocked",
        "test_linux.py::TestProcess::test_rlimit_zombie",
        "test_linux.py::TestProcess::test_stat_file_parsing",
        "test_linux.py::TestProcess::test_status_file_parsing",
        "test_linux.py::TestProcess::test_threads_mocked",
        "test_linux.py::TestProcessAgainstStatus::test_cpu_affinity_eligible_cpus",
        "test_linux.py::TestRootFsDeviceFinder::test_disk_partitions_mocked",
        "test_linux.py::TestSensorsBatteryEmulated::test_it",
        "test_linux.py::TestSensorsFans::test_emulate_data",
        "test_linux.py::TestSensorsTemperatures::test_emulate_class_hwmon",
        "test_linux.py::TestSensorsTemperatures::test_emulate_class_thermal",
        "test_linux.py::TestSystemCPUFrequency::test_emulate_data",
        "test_linux.py::TestSystemCPUFrequency::test_emulate_multi_cpu",
        "test_linux.py::TestSystemCPUFrequency::test_emulate_no_scaling_cur_freq_file",
        "test_linux.py::TestSystemCPUFrequency::test_emulate_use_cpuinfo",
        "test_linux.py::TestSystemDiskIoCounters::test_emulate_exclude_partitions",
        "test_linux.py::TestSystemDiskIoCounters::test_emulate_include_partitions",
        "test_linux.py::TestSystemDiskIoCounters::test_emulate_kernel_2_4",
        "test_linux.py::TestSystemDiskIoCounters::test_emulate_kernel_2_6_full",
        "test_linux.py::TestSystemDiskIoCounters::test_emulate_kernel_2_6_limited",
        "test_linux.py::TestSystemDiskIoCounters::test_emulate_not_impl",
        "test_linux.py::TestSystemDiskPartitions::test_emulate_realpath_fail",
        "test_linux.py::TestSystemDiskPartitions::test_zfs_fs",
        "test_linux.py::TestSystemNetConnections::test_emulate_unix",
        "test_linux.py::TestSystemSwapMemory::test_emulate_meminfo_has_no_metrics",
        "test_linux.py::TestSystemSwapMemory::test_missing_sin_sout",
        "test_linux.py::TestSystemSwapMemory::test_no_vmstat_mocked",
        "test_linux.py::TestSystemVirtualMemoryMocks::test_avail_old_comes_from_kernel",
        "test_linux.py::TestSystemVirtualMemoryMocks::test_avail_old_missing_fields",
        "test_linux.py::TestSystemVirtualMemoryMocks::test_avail_old_missing_zoneinfo",
        "test_linux.py::TestSystemVirtualMemoryMocks::test_virtual_memory_mocked",
        "test_linux.py::TestSystemVirtualMemoryMocks::test_warnings_on_misses",
    ),
    "wants every public name in __all__; the extensions stay out of it": (
        "test_misc.py::TestMisc::test__all__",
    ),
    "patches Process._get_ident": ("test_misc.py::TestMisc::test_ad_on_process_creation",),
    "patches the version of psutil's C extension": (
        "test_misc.py::TestMisc::test_sanity_version_check",
    ),
    "patches psutil._psplatform or Process._proc": (
        "test_misc.py::TestWrapNumbers::test_cache_clear_public_apis",
        "test_posix.py::TestProcess::test_name_long",
        "test_posix.py::TestProcess::test_name_long_cmdline_ad_exc",
        "test_posix.py::TestProcess::test_name_long_cmdline_nsp_exc",
        "test_posix.py::TestProcess::test_username_no_resolution",
        "test_process.py::TestProcess::test_cpu_affinity",
        "test_process.py::TestProcess::test_zombie_process_status_w_exc",
        "test_process.py::TestProcessWait::test_wait_signaled",
        "test_system.py::TestCpuAPIs::test_cpu_count_none",
        "test_system.py::TestDiskAPIs::test_disk_io_counters_no_disks",
        "test_system.py::TestNetAPIs::test_net_if_addrs_mac_null_bytes",
        "test_system.py::TestNetAPIs::test_net_if_stats_enodev",
        "test_system.py::TestNetAPIs::test_net_io_counters_no_nics",
        "test_system.py::TestSensorsAPIs::test_sensors_temperatures_fahreneit",
    ),
    "changes Process._create_time": (
        "test_process.py::TestProcess::test_children_mocked_ctime",
        "test_process.py::TestProcess::test_parent_mocked_ctime",
    ),
    "wants cpu_count() to be called, which the percentage does not need": (
        "test_process.py::TestProcess::test_cpu_percent_numcpus_none",
    ),
    "patches psutil._psplatform's readers": (
        "test_process.py::TestProcess::test_oneshot",
        "test_process.py::TestProcess::test_oneshot_twice",
        "test_system.py::TestProcessIter::test_attrs",
    ),
    "writes into psutil._pmap": ("test_process.py::TestProcess::test_reused_pid",),
    "patches psutil.os.kill; signals go by pidfd": (
        "test_process.py::TestProcess::test_send_signal_mocked",
    ),
    "patches the class that is_running() would make": (
        "test_process.py::TestProcess::test_zombie_process_is_running_w_exc",
    ),
    "calls psutil._cpu_busy_time": ("test_system.py::TestCpuAPIs::test_per_cpu_times_2",),
    "wants somebody to be logged in; fails with psutil itself too": (
        "test_system.py::TestMiscAPIs::test_users",
    ),
    "looks into psutil._pmap": ("test_system.py::TestProcessIter::test_cache_clear",),
    "wants a test for every public method; the extensions are more": (
        "test_testutils.py::TestTestingUtils::test_process_namespace",
    ),
}

LEFT_OUT = {name: reason for reason, names in REASONS.items() for name in names}

#: the same, of those that are Windows' alone, or that fail there for another reason
REASONS_ON_WINDOWS: dict[str, tuple[str, ...]] = {
    "patches functions of psutil._psplatform.cext": (
        "test_windows.py::TestDualProcessImplementation::test_create_time",
        "test_windows.py::TestDualProcessImplementation::test_io_counters",
        "test_windows.py::TestProcess::test_error_partial_copy",
        "test_windows.py::TestSensorsBattery::test_emulate_no_battery",
        "test_windows.py::TestSensorsBattery::test_emulate_power_charging",
        "test_windows.py::TestSensorsBattery::test_emulate_power_connected",
        "test_windows.py::TestSensorsBattery::test_emulate_secs_left_unknown",
        "test_windows.py::TestServices::test_win_service_get",
    ),
    "asks psutil._psplatform.Process, which raises its own NoSuchProcess": (
        "test_windows.py::TestProcess::test_exe",
    ),
}

LEFT_OUT_ON_WINDOWS = {
    name: reason for reason, names in REASONS_ON_WINDOWS.items() for name in names
}
