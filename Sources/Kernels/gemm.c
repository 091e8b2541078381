// Which code multiplies: our tiles where the processor has AVX-512, else the library.
#include "gemm.h"

#include <string.h>

static void finish_empty(const dept_product *p) {
  if (p->c_halves) {
    memset(p->c_halves, 0, (size_t)(p->m * p->n) * sizeof(uint16_t));
    if (p->bits) memset(p->bits, 0, (size_t)(p->m * bit_words(p->n)) * sizeof(uint16_t));
    return;
  }
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
    dept_tiled_products(product, 1);
  else
    dept_library_product(product);
}

void dept_multiply_by_each(const dept_product *products, ptrdiff_t count) {
  bool shared = dept_vectors() && products->m > 0 && products->n > 0 && products->k > 0 &&
                !dept_takes_narrow(products);
  // Copies in half precision carry what B is scaled by.
  for (ptrdiff_t i = 1; i < count; i++)
    shared &= products[i].b_exponent == products->b_exponent || !dept_takes_halves(products);
  if (shared) return dept_tiled_products(products, count);
  for (ptrdiff_t i = 0; i < count; i++) dept_multiply_matrices(products + i);
}
