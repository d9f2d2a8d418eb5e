// A PKCS#11 module for demonstrations: SoftHSM whose tokens can be pulled out and plugged in again, which SoftHSM itself
// cannot show. A file in the folder DEMO_UNPLUGGED that is named like a token's label means that this token is out: no
// slot shows it, its sessions are dead, and after it is back it asks for the PIN again.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vector>
#include "pkcs11/pkcs11.h"

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST hub;

static bool unplugged(CK_SLOT_ID slot) {
  const char *folder = getenv("DEMO_UNPLUGGED");
  CK_TOKEN_INFO info;
  if (!folder || real->C_GetTokenInfo(slot, &info) != CKR_OK) return false;
  int length = sizeof info.label;
  while (length > 0 && info.label[length - 1] == ' ') length--;
  char path[1024];
  snprintf(path, sizeof path, "%s/%.*s", folder, length, (const char *)info.label);
  if (access(path, F_OK) != 0) return false;
  real->C_CloseAllSessions(slot);
  return true;
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count) {
  if (!present) return real->C_GetSlotList(present, list, count);
  CK_ULONG all = 0;
  CK_RV result = real->C_GetSlotList(CK_TRUE, NULL, &all);
  if (result != CKR_OK) return result;
  std::vector<CK_SLOT_ID> slots(all);
  result = real->C_GetSlotList(CK_TRUE, slots.data(), &all);
  if (result != CKR_OK) return result;
  std::vector<CK_SLOT_ID> plugged;
  for (CK_ULONG i = 0; i < all; i++) if (!unplugged(slots[i])) plugged.push_back(slots[i]);
  CK_ULONG room = *count;
  *count = plugged.size();
  if (!list) return CKR_OK;
  if (room < plugged.size()) return CKR_BUFFER_TOO_SMALL;
  for (size_t i = 0; i < plugged.size(); i++) list[i] = plugged[i];
  return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  return unplugged(slot) ? CKR_TOKEN_NOT_PRESENT : real->C_GetTokenInfo(slot, info);
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
  return unplugged(slot) ? CKR_TOKEN_NOT_PRESENT : real->C_OpenSession(slot, flags, application, notify, session);
}

static bool dead(CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info;
  return real->C_GetSessionInfo(session, &info) == CKR_OK && unplugged(info.slotID);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  return dead(session) ? CKR_DEVICE_REMOVED : real->C_Login(session, user, pin, length);
}

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR wanted, CK_ULONG count) {
  return dead(session) ? CKR_DEVICE_REMOVED : real->C_FindObjectsInit(session, wanted, count);
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  return dead(session) ? CKR_DEVICE_REMOVED : real->C_SignInit(session, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR out, CK_ULONG_PTR out_length) {
  return dead(session) ? CKR_DEVICE_REMOVED : real->C_Sign(session, data, length, out, out_length);
}

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  if (!real) {
    void *library = dlopen(SOFTHSM_MODULE, RTLD_NOW | RTLD_LOCAL);
    if (!library) return CKR_GENERAL_ERROR;
    CK_RV (*get)(CK_FUNCTION_LIST_PTR_PTR) = (CK_RV(*)(CK_FUNCTION_LIST_PTR_PTR))dlsym(library, "C_GetFunctionList");
    CK_RV result = get(&real);
    if (result != CKR_OK) return result;
    hub = *real;
    hub.C_GetSlotList = get_slot_list;
    hub.C_GetTokenInfo = get_token_info;
    hub.C_OpenSession = open_session;
    hub.C_Login = login;
    hub.C_FindObjectsInit = find_objects_init;
    hub.C_SignInit = sign_init;
    hub.C_Sign = sign;
  }
  *list = &hub;
  return CKR_OK;
}
