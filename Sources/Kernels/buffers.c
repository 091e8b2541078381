// The buffers that OpenBLAS multiplies in: one for every call at the same time, kept once taken.
//
// Where the system refuses one, OpenBLAS asks again for ever, so it is good to have them early.
#include "kernels.h"

// Exported, but in no header of OpenBLAS; weak, so that a build without them still links.
__attribute__((weak)) extern void *blas_memory_alloc(int position);
__attribute__((weak)) extern void blas_memory_free(void *buffer);

enum { most = 256 };

void dept_take_gemm_buffers(int count) {
  if (!blas_memory_alloc || !blas_memory_free) return;
  void *buffers[most];
  if (count > most) count = most;
  for (int i = 0; i < count; ++i) buffers[i] = blas_memory_alloc(0);
  for (int i = 0; i < count; ++i) blas_memory_free(buffers[i]);
}
