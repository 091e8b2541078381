// Which code multiplies: our tiles where the processor has AVX-512, else the library.
#include "gemm.h"

#include <string.h>

static void finish_empty(const dept_product *p) {
  // A sum of nothing is 0, which leaves the residual.
  for (ptrdiff_t i = 0; i < p->m * p->n; i++)
    if (p->epilogue == DEPT_RESIDUAL)
      p->c[i] = p->residual[i];
    else if (p->epilogue != DEPT_ACCUMULATE)
      p->c[i] = 0;
  if (p->epilogue == DEPT_RELU && p->bits)
    memset(p->bits, 0, (size_t)(p->m * bit_words(p->n)) * sizeof(uint16_t));
}

void dept_multiply_matrices(const dept_product *product) {
  if (product->m == 0 || product->n == 0) return;
  if (product->k == 0) return finish_empty(product);
  if (dept_vectors())
    dept_tiled_product(product);
  else
    dept_library_product(product);
}
