// Which of OpenBLAS's kernels multiply. It chooses them by the processor's model when it is loaded,
// and takes the slowest ones (SSE3) for a model that is newer than itself: five times slower than
// what the processor can do. We look at what the processor can do, and let it choose again.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "gemm.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

static const char *best_kernels(void) {
  __builtin_cpu_init();
  if (
    __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
  return NULL;
}

static bool uses_modern_kernels(void) {
  static const char *const modern[] = {
    "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"};
  const char *chosen = openblas_get_corename();
  for (size_t i = 0; i < sizeof modern / sizeof *modern; i++)
    if (strcmp(chosen, modern[i]) == 0) return true;
  return false;
}

static void choose_kernels(void) {
  if (uses_modern_kernels()) return;
  const char *kernels = best_kernels();
  if (kernels == NULL) return;
  // Only builds for several processors have these two; others have nothing to choose from.
  void (*forget)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit");
  void (*choose)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init");
  if (forget == NULL || choose == NULL) return;
  setenv("OPENBLAS_CORETYPE", kernels, 0);  // What the user has set stays as it is.
  forget();
  choose();
}

#else

static void choose_kernels(void) {}

#endif

static bool has_vectors, has_halves;
static _Thread_local bool prefers_library;
static _Thread_local int forced_way = -1;

bool dept_has_vectors(void) { return has_vectors; }
bool dept_vectors(void) { return has_vectors && !prefers_library; }
bool dept_prefers_library(void) { return prefers_library; }
void dept_prefer_library(bool preferred) { prefers_library = preferred; }

int dept_forced_bfloat16(void) { return forced_way; }
void dept_force_bfloat16(int way) { forced_way = way; }

bool dept_has_halves(void) { return has_halves; }

// `-Xcc -DDEPT_PORTABLE` builds for a processor without AVX-512, whatever is here.
static void look_for_vectors(void) {
#if defined(__x86_64__) && !defined(DEPT_PORTABLE)
  __builtin_cpu_init();
  has_vectors = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                __builtin_cpu_supports("bmi2");
  has_halves = has_vectors && __builtin_cpu_supports("avx512fp16");
#endif
}

// Before main, so that no other thread reads the environment or multiplies meanwhile.
__attribute__((constructor)) static void prepare(void) {
  openblas_set_num_threads(1);  // Our own pool splits the work.
  choose_kernels();
  look_for_vectors();
}

const char *dept_gemm_processor(void) { return openblas_get_corename(); }
