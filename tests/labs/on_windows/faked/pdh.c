/* pdh.dll, whose counters all tell 12.53 */
typedef unsigned int u32;
typedef unsigned long long u64;
typedef struct { u32 status; double value; } counter_value;
#define EXPORT __declspec(dllexport)

EXPORT u32 PdhOpenQueryW(void *source, u64 user, void **query) { *query = (void *)77; return 0; }
EXPORT u32 PdhAddEnglishCounterW(void *query, void *path, u64 user, void **counter)
{
    *counter = (void *)78;
    return 0;
}
EXPORT u32 PdhCollectQueryData(void *query) { return 0; }
EXPORT u32 PdhCollectQueryDataEx(void *query, u32 seconds, void *event) { return 0; }
EXPORT u32 PdhGetFormattedCounterValue(void *counter, u32 form, u32 *kind, counter_value *told)
{
    told->status = 0;
    told->value = 12.53;
    return 0;
}
EXPORT u32 PdhRemoveCounter(void *counter) { return 0; }
EXPORT u32 PdhCloseQuery(void *query) { return 0; }
int DllMainCRTStartup(void *module, u32 why, void *reserved) { return 1; }
