/* wtsapi32.dll with a session at the machine, one from elsewhere, one without a user */
typedef unsigned int u32;
typedef unsigned long long u64;
typedef struct { u32 id; const void *station; u32 state; } session;
#define EXPORT __declspec(dllexport)

static session sessions[] = { { 1, L"Console", 0 }, { 2, L"RDP-Tcp#0", 0 }, { 3, L"Services", 4 } };
static unsigned char elsewhere[24] = { 2, 0, 0, 0, 0, 0, 10, 0, 0, 9 }, here[24], info[216];

EXPORT int WTSEnumerateSessionsW(void *server, u32 a, u32 b, session **told, u32 *count)
{
    *told = sessions;
    *count = 3;
    return 1;
}
EXPORT int WTSQuerySessionInformationW(void *server, u32 id, u32 kind, const void **told, u32 *length)
{
    if (kind == 5) { /* WTSUserName */
        *told = id == 1 ? L"alice" : id == 2 ? L"b\x00f6" L"b" : L"";
        *length = id == 1 ? 12 : id == 2 ? 8 : 2;
    } else if (kind == 14) { /* WTSClientAddress */
        *told = id == 2 ? elsewhere : here;
        *length = sizeof here;
    } else { /* WTSSessionInfo: ConnectTime */
        *(u64 *)(info + 176) = 133500000000000000ull + id * 12345678ull;
        *told = info;
        *length = sizeof info;
    }
    return 1;
}
EXPORT void WTSFreeMemory(void *memory) { }
int DllMainCRTStartup(void *module, u32 why, void *reserved) { return 1; }
