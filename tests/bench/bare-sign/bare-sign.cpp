// The least that a signature with a CA lock costs: C_SignInit and C_Sign in a loop, in a process that does nothing else. It
// answers each line on stdin, a count, with a line of as many times in nanoseconds, so that it can be run in turn with others.
//   bare-sign <module> <serial> <PIN> rsa|p256 <data in hex>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "pkcs11/pkcs11.h"

static void must(const char *what, CK_RV result) {
  if (result == CKR_OK) return;
  fprintf(stderr, "%s: 0x%lx\n", what, (unsigned long)result);
  exit(1);
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static CK_SLOT_ID slot_of(CK_FUNCTION_LIST *p11, const char *serial) {
  CK_SLOT_ID slots[64];
  CK_ULONG count = 64;
  must("C_GetSlotList", p11->C_GetSlotList(CK_TRUE, slots, &count));
  for (CK_ULONG i = 0; i < count; i++) {
    CK_TOKEN_INFO info;
    must("C_GetTokenInfo", p11->C_GetTokenInfo(slots[i], &info));
    if (strncmp((const char *)info.serialNumber, serial, strlen(serial)) == 0) return slots[i];
  }
  fprintf(stderr, "no token %s\n", serial);
  exit(1);
}

static CK_OBJECT_HANDLE private_key(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session) {
  CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE all[] = {{CKA_CLASS, &wanted, sizeof wanted}};
  CK_OBJECT_HANDLE key;
  CK_ULONG found = 0;
  must("C_FindObjectsInit", p11->C_FindObjectsInit(session, all, 1));
  must("C_FindObjects", p11->C_FindObjects(session, &key, 1, &found));
  must("C_FindObjectsFinal", p11->C_FindObjectsFinal(session));
  if (found == 1) return key;
  fprintf(stderr, "no private key\n");
  exit(1);
}

int main(int count, char **words) {
  if (count != 6) return 2;
  void *module = dlopen(words[1], RTLD_NOW);
  if (!module) return fprintf(stderr, "%s\n", dlerror()), 1;
  CK_C_GetFunctionList functions = (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList");
  CK_FUNCTION_LIST *p11;
  must("C_GetFunctionList", functions(&p11));
  must("C_Initialize", p11->C_Initialize(NULL));
  CK_SESSION_HANDLE session;
  must("C_OpenSession", p11->C_OpenSession(slot_of(p11, words[2]), CKF_SERIAL_SESSION, NULL, NULL, &session));
  must("C_Login", p11->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)words[3], strlen(words[3])));
  CK_OBJECT_HANDLE key = private_key(p11, session);

  CK_MECHANISM mechanism = {strcmp(words[4], "rsa") == 0 ? CKM_SHA256_RSA_PKCS : CKM_ECDSA, NULL, 0};
  CK_BYTE data[1024], signature[1024];
  CK_ULONG size = strlen(words[5]) / 2;
  if (size > sizeof data) return 2;
  for (CK_ULONG i = 0; i < size; i++) sscanf(words[5] + 2 * i, "%2hhx", &data[i]);

  int signatures;
  while (scanf("%d", &signatures) == 1) {
    for (int i = 0; i < signatures; i++) {
      CK_ULONG length = sizeof signature;
      long long started = now();
      must("C_SignInit", p11->C_SignInit(session, &mechanism, key));
      must("C_Sign", p11->C_Sign(session, data, size, signature, &length));
      printf("%lld ", now() - started);
    }
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
