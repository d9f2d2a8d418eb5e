// A PKCS#11 module for tests: SoftHSM behind a door that can be shut. The folder in FAULT_DIR holds the faults:
//   removed     the key is pulled: no slot has a token, every open session is dead
//   hang        the next call does not return while the file is there, for a minute at most: a test that calls the
//               module in its own process fails then, and does not stand for ever
//   hang-login  C_Login does the same, once the PIN has reached it
//   slow-login  C_Login takes three seconds
//   crash       the next call ends the process by SIGSEGV
//   stale-handle  the handle of the next C_SignInit goes stale until its key is searched again; takes the file away
//   another     each slot holds a key of another serial number, whose sessions work all the same
//   small-buffer  C_Sign wants 2048 bytes of room
// Every C_Login that reaches the module is counted in the file `logins` of that folder.
//   final-try   CKF_USER_PIN_FINAL_TRY is set, low and locked likewise
//   locks       the next C_Login says that the PIN is wrong, and has locked the key: only the flag tells
//   pin-length, expired  C_Login refuses the PIN for that, whatever it is
// Faults that need no timing are enough here; vendors' libraries differ in codes, not in kinds.
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "pkcs11/pkcs11.h"

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST door;

static int fault(const char *name) {
  char path[1024];
  const char *folder = getenv("FAULT_DIR");
  if (!folder) return 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return access(path, F_OK) == 0;
}

static void hang_while(const char *name) {
  for (int turn = 0; turn < 3000 && fault(name); turn++) usleep(20000);
}

static void maybe_hang(void) {
  if (fault("crash")) raise(SIGSEGV);
  hang_while("hang");
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count) {
  maybe_hang();
  if (present && fault("removed")) {
    // A pulled key takes its sessions and its login with it.
    CK_SLOT_ID slots[64];
    CK_ULONG all = 64;
    if (real->C_GetSlotList(CK_TRUE, slots, &all) == CKR_OK)
      for (CK_ULONG i = 0; i < all; i++) real->C_CloseAllSessions(slots[i]);
    *count = 0;
    return CKR_OK;
  }
  return real->C_GetSlotList(present, list, count);
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  maybe_hang();
  if (fault("removed")) return CKR_TOKEN_NOT_PRESENT;
  CK_RV result = real->C_GetTokenInfo(slot, info);
  if (result != CKR_OK) return result;
  if (fault("another")) info->serialNumber[0] = info->serialNumber[0] == 'z' ? 'y' : 'z';
  if (fault("low")) info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (fault("final-try")) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (fault("locked")) info->flags |= CKF_USER_PIN_LOCKED;
  return result;
}

static void count_login(void) {
  char path[1024];
  const char *folder = getenv("FAULT_DIR");
  if (!folder) return;
  snprintf(path, sizeof path, "%s/logins", folder);
  FILE *file = fopen(path, "a");
  if (!file) return;
  fputc('.', file);
  fclose(file);
}

static int once(const char *name) {
  char path[1024];
  if (!fault(name)) return 0;
  snprintf(path, sizeof path, "%s/%s", getenv("FAULT_DIR"), name);
  return unlink(path) == 0;
}

static CK_OBJECT_HANDLE stale;

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR wanted, CK_ULONG count) {
  stale = 0;
  return real->C_FindObjectsInit(session, wanted, count);
}

static void shut(const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", getenv("FAULT_DIR"), name);
  FILE *file = fopen(path, "w");
  if (file) fclose(file);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  count_login();
  maybe_hang();
  hang_while("hang-login");
  if (fault("slow-login")) sleep(3);
  if (fault("removed")) return CKR_DEVICE_REMOVED;
  if (fault("locked")) return CKR_PIN_LOCKED;
  if (fault("expired")) return CKR_PIN_EXPIRED;
  if (fault("pin-length")) return CKR_PIN_LEN_RANGE;
  if (once("locks")) {
    shut("locked");
    return CKR_PIN_INCORRECT;
  }
  return real->C_Login(session, user, pin, length);
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  if (fault("removed")) return CKR_SESSION_HANDLE_INVALID;
  if (once("stale-handle")) stale = key;
  if (stale && key == stale) return CKR_KEY_HANDLE_INVALID;
  if (fault("no-mechanism")) return CKR_MECHANISM_INVALID;
  if (fault("no-hashing") && mechanism->mechanism == CKM_SHA256_RSA_PKCS) return CKR_MECHANISM_INVALID;
  return real->C_SignInit(session, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR out, CK_ULONG_PTR out_length) {
  maybe_hang();
  if (fault("removed") || fault("removed-while-signing")) return CKR_DEVICE_REMOVED;
  if (fault("operation-active")) return CKR_OPERATION_ACTIVE;
  if (fault("small-buffer") && *out_length < 2048) {
    *out_length = 2048;
    return CKR_BUFFER_TOO_SMALL;
  }
  return real->C_Sign(session, data, length, out, out_length);
}

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  if (!real) {
    void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
    if (!library) return CKR_GENERAL_ERROR;
    CK_RV (*get)(CK_FUNCTION_LIST_PTR_PTR) = (CK_RV(*)(CK_FUNCTION_LIST_PTR_PTR))dlsym(library, "C_GetFunctionList");
    CK_RV result = get(&real);
    if (result != CKR_OK) return result;
    door = *real;
    door.C_GetSlotList = get_slot_list;
    door.C_GetTokenInfo = get_token_info;
    door.C_Login = login;
    door.C_FindObjectsInit = find_objects_init;
    door.C_SignInit = sign_init;
    door.C_Sign = sign;
  }
  *list = &door;
  return CKR_OK;
}
