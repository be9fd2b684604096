"""Windows: the structures, numbers and functions of ``sysutils/core/windows``.

What Microsoft keeps for itself is ``Reserved`` in the headers at hand and pinned as far as they tell; the
rest of it was seen to be so under wine."""

from __future__ import annotations

from sysutils.core import _enums
from sysutils.core.windows import (
    adapters,
    cpu,
    descriptors,
    disk,
    endpoints,
    errors,
    facts,
    handle,
    heap,
    if_details,
    maps,
    mem,
    meminfo,
    open_files,
    pdh,
    peb,
    protocols,
    records,
    routes,
    sensors,
    services,
    sessions,
    snapshot,
    sockets,
    token,
    usage,
    users,
)
from tests.abi.used import bound
from tools.abi import Abi

_WHOLE = (
    adapters.SOCKET_ADDRESS, adapters.MIB_IF_ROW2, adapters.MIB_IFROW,
    disk.DISK_PERFORMANCE, heap.PROCESS_HEAP_ENTRY, mem.PERFORMANCE_INFORMATION, pdh.PDH_FMT_COUNTERVALUE,
    records.PROCESS_MEMORY_COUNTERS_EX, records.IO_COUNTERS, records.PROCESS_BASIC_INFORMATION,
    sensors.SYSTEM_POWER_STATUS, services.SERVICE_STATUS_PROCESS, services.ENUM_SERVICE_STATUS_PROCESSW,
    services.QUERY_SERVICE_CONFIGW, services.SERVICE_DESCRIPTIONW, sessions.WTS_SESSION_INFOW,
    sessions.WTS_CLIENT_ADDRESS, sessions.WTSINFOW, snapshot.UNICODE_STRING,
    snapshot.SYSTEM_PROCESS_INFORMATION, snapshot.SYSTEM_THREAD_INFORMATION, sockets.MIB_TCPROW_OWNER_PID,
    sockets.MIB_TCP6ROW_OWNER_PID, sockets.MIB_UDPROW_OWNER_PID, sockets.MIB_UDP6ROW_OWNER_PID,
    usage.SYSTEM_INFO, usage.MEMORY_BASIC_INFORMATION, cpu.SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION,
    adapters.IP_ADAPTER_UNICAST_ADDRESS, protocols.MIB_IPSTATS, protocols.MIB_TCPSTATS,
    protocols.MIB_UDPSTATS, protocols.MIBICMPSTATS_EX, routes.MIB_IPFORWARD_ROW2,
    descriptors.BY_HANDLE_FILE_INFORMATION, descriptors.FILE_ID_INFO, token.TOKEN_USER,
)  # fmt: skip
_BEGUN = (peb.PEB, peb.RTL_USER_PROCESS_PARAMETERS, adapters.IP_ADAPTER_ADDRESSES,
          adapters.IP_ADAPTER_MULTICAST_ADDRESS, maps.NT_TIB)  # fmt: skip
#: structures with other names there
_NAMES = {
    "IP_ADAPTER_ADDRESSES": "IP_ADAPTER_ADDRESSES_LH",
    "IP_ADAPTER_UNICAST_ADDRESS": "IP_ADAPTER_UNICAST_ADDRESS_LH",
    "IP_ADAPTER_MULTICAST_ADDRESS": "IP_ADAPTER_MULTICAST_ADDRESS_XP",
}
for _form in _BEGUN:
    _form._prefix_ = True  # type: ignore[attr-defined]

#: our member -> theirs, "" for one that the headers do not tell
_MEMBERS = {
    "SYSTEM_PROCESS_INFORMATION": {
        "WorkingSetPrivateSize": "Reserved[0]", "HardFaultCount": "", "CycleTime": "Reserved[2]",
        "NumberOfThreadsHighWatermark": "", "UniqueProcessKey": "",
        **{
            name: f"VirtualMemoryCounters.{name}"
            for name in (
                "PeakVirtualSize", "VirtualSize", "PageFaultCount", "PeakWorkingSetSize", "WorkingSetSize",
                "QuotaPeakPagedPoolUsage", "QuotaPagedPoolUsage", "QuotaPeakNonPagedPoolUsage",
                "QuotaNonPagedPoolUsage", "PagefileUsage", "PeakPagefileUsage",
            )
        },
        **{name: f"IoCounters.{name}" for name in (
            "ReadOperationCount", "WriteOperationCount", "OtherOperationCount", "ReadTransferCount",
            "WriteTransferCount", "OtherTransferCount",
        )},
    },
    "SYSTEM_THREAD_INFORMATION": {
        "KernelTime": "Reserved1[0]", "UserTime": "Reserved1[1]", "CreateTime": "Reserved1[2]",
        "WaitTime": "Reserved2", "UniqueProcess": "ClientId.UniqueProcess",
        "UniqueThread": "ClientId.UniqueThread", "ContextSwitches": "Reserved3",
    },
    "SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION": {
        "DpcTime": "Reserved1[0]", "InterruptTime": "Reserved1[1]", "InterruptCount": "Reserved2",
    },
    "PEB": dict.fromkeys(
        ("InheritedAddressSpace", "ReadImageFileExecOptions", "BitField", "Mutant", "ImageBaseAddress"), ""
    ),
    "RTL_USER_PROCESS_PARAMETERS": dict.fromkeys(
        ("MaximumLength", "Length", "Flags", "DebugFlags", "ConsoleHandle", "ConsoleFlags",
         "StandardInput", "StandardOutput", "StandardError", "CurrentDirectory.DosPath.Length",
         "CurrentDirectory.DosPath.MaximumLength", "CurrentDirectory.DosPath.Buffer",
         "CurrentDirectory.Handle", "DllPath.Length", "DllPath.MaximumLength", "DllPath.Buffer",
         "Environment"), "",
    ),
    "SYSTEM_INFO": {},
    "PROCESS_HEAP_ENTRY": {
        name: f"Region.{name}"
        for name in ("dwCommittedSize", "dwUnCommittedSize", "lpFirstBlock", "lpLastBlock")
    },
    "PROCESSOR_POWER_INFORMATION": {
        "MhzLimit": "MhzLimit",
    },
    "TOKEN_USER": {"Sid": "User.Sid", "Attributes": "User.Attributes"},
    "MIB_IPFORWARD_ROW2": {
        "Prefix": "DestinationPrefix.Prefix", "PrefixLength": "DestinationPrefix.PrefixLength",
    },
    "MIB_IF_ROW2": {"InterfaceAndOperStatusFlags": "InterfaceAndOperStatusFlags"},
}  # fmt: skip

ABI = Abi(
    targets=("x86_64-windows", "aarch64-windows", "x86-windows"),
    headers=(
        "winsock2.h", "ws2tcpip.h", "windows.h", "winternl.h", "psapi.h", "iphlpapi.h", "tcpmib.h",
        "udpmib.h", "netioapi.h", "pdh.h", "wtsapi32.h", "powrprof.h", "winioctl.h", "winsvc.h",
        "lmaccess.h", "lmapibuf.h",
    ),
    structures={_NAMES.get(form.name, form.name): form for form in (*_WHOLE, *_BEGUN)},  # type: ignore[misc]
    constants={
        "AF_INET": adapters.AF_INET, "AF_INET6": adapters.AF_INET6, "STILL_ACTIVE": handle.STILL_ACTIVE,
        "PROCESS_TERMINATE": handle.TERMINATE, "PROCESS_VM_READ": handle.VM_READ,
        "PROCESS_DUP_HANDLE": handle.DUP_HANDLE, "PROCESS_SET_INFORMATION": handle.SET_INFORMATION,
        "PROCESS_QUERY_INFORMATION": handle.QUERY_INFORMATION,
        "PROCESS_SUSPEND_RESUME": handle.SUSPEND_RESUME, "SYNCHRONIZE": handle.SYNCHRONIZE,
        "PROCESS_QUERY_LIMITED_INFORMATION": handle.QUERY_LIMITED_INFORMATION,
        "ERROR_ACCESS_DENIED": errors.ACCESS_DENIED, "ERROR_INVALID_PARAMETER": errors.INVALID_PARAMETER,
        "ERROR_INSUFFICIENT_BUFFER": errors.INSUFFICIENT_BUFFER, "ERROR_MORE_DATA": errors.MORE_DATA,
        "ERROR_PARTIAL_COPY": errors.PARTIAL_COPY, "ERROR_NOACCESS": errors.NOACCESS,
        "ERROR_NOT_FOUND": errors.NOT_FOUND, "ERROR_NONE_MAPPED": errors.NONE_MAPPED,
        "ERROR_PRIVILEGE_NOT_HELD": errors.PRIVILEGE_NOT_HELD,
        "ERROR_INVALID_HANDLE": errors.INVALID_HANDLE, "ERROR_FILE_NOT_FOUND": errors.FILE_NOT_FOUND,
        "MEM_COMMIT": usage.COMMITTED, "MEM_PRIVATE": usage.PRIVATE,
        "IOCTL_DISK_PERFORMANCE": disk._IOCTL_DISK_PERFORMANCE,
        "TCP_TABLE_OWNER_PID_ALL": sockets._TCP_OWNER_PID_ALL,
        "UDP_TABLE_OWNER_PID": sockets._UDP_OWNER_PID, "PDH_FMT_DOUBLE": pdh._DOUBLE,
        "WTSUserName": sessions._USER_NAME, "WTSClientAddress": sessions._CLIENT_ADDRESS,
        "WTSSessionInfo": sessions._SESSION_INFO, "TokenUser": token._TOKEN_USER,
        "PROCESS_HEAP_ENTRY_BUSY": heap._BUSY, "SERVICE_WIN32": services._WIN32,
        "SC_MANAGER_ENUMERATE_SERVICE": services._ENUMERATE,
        "SERVICE_CONFIG_DESCRIPTION": services._DESCRIPTION,
        "SystemProcessInformation": snapshot.PROCESSES, "ProcessorInformation": cpu._PROCESSOR_INFORMATION,
        "TokenPrimaryGroup": token._TOKEN_PRIMARY_GROUP, "FileIdInfo": descriptors._ID,
        "FILE_READ_DATA": descriptors._READ, "FILE_WRITE_DATA | FILE_APPEND_DATA": descriptors._WRITE,
        "FILE_ATTRIBUTE_DIRECTORY": descriptors._DIRECTORY, "FILE_TYPE_DISK": descriptors._ON_DISK,
        "FILE_TYPE_CHAR": descriptors._CHARACTERS, "FILE_TYPE_PIPE": descriptors._PIPE,
        "FILE_FLAG_BACKUP_SEMANTICS": disk._BACKUP_SEMANTICS, "SOL_SOCKET": endpoints.SOL_SOCKET,
        "SO_TYPE": endpoints.SO_TYPE, "MEM_MAPPED": maps.MAPPED, "THREAD_QUERY_INFORMATION": maps._QUERY,
        "IP_ADAPTER_NO_MULTICAST": if_details._NO_MULTICAST, "IfOperStatusUp": if_details._OPERATES,
        "NET_IF_ADMIN_STATUS_UP": if_details._TURNED_ON, "SidTypeUser": min(users.USERS),
        "SidTypeAlias": 4, "SECURITY_BUILTIN_DOMAIN_RID": users._BUILTIN,
        "SECURITY_NT_NON_UNIQUE": users._DOMAIN, "SECURITY_LOGON_IDS_RID": users._LOGON,
        "ERROR_NOT_SUPPORTED": protocols._NOT_SUPPORTED,
        "ALL_PROCESSOR_GROUPS": cpu._ALL_GROUPS, "RelationAll": cpu._RELATION_ALL,
        **{name: int(value) for name, value in _enums.Priority.__members__.items()},
    },
    symbols=tuple(sorted({symbol for _, symbol in bound("windows")})),
    renamed={
        f"{form}.{ours}": theirs for form, members in _MEMBERS.items() for ours, theirs in members.items()
    },
)  # fmt: skip

#: structures that no header at hand has
UNKNOWN = (
    facts.SYSTEM_PROCESS_ID_INFORMATION, open_files.SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX, peb.CURDIR,
    meminfo.SYSTEM_PAGEFILE_INFORMATION, records.VM_COUNTERS_EX, cpu.SYSTEM_PERFORMANCE_INFORMATION,
    cpu.PROCESSOR_POWER_INFORMATION, maps.THREAD_BASIC_INFORMATION,
)  # fmt: skip
