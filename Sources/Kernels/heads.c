// Products of each head's columns with its own rows of a weight.
#include "attention.h"
#include "gemm.h"

#include <string.h>

typedef struct {
  const dept_head_product *p;
  const float *x;
  float *y;
  bool expanding;
} job;

static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const job *j = context;
  const dept_head_product *p = j->p;
  const ptrdiff_t narrow = p->head_width, wide = p->width;
  const ptrdiff_t from = j->expanding ? narrow : wide, to = j->expanding ? wide : narrow;
  // Not the products' own memory, which they use meanwhile.
  float *in = dept_attention_scratch((size_t)(p->rows * (from + to)));
  float *out = in + p->rows * from;
  for (ptrdiff_t head = begin; head < end; head++) {
    const size_t element = p->element == DEPT_BFLOAT16 ? 2 : 4;
    for (ptrdiff_t i = 0; i < p->rows; i++)
      memcpy(in + i * from, j->x + (i * p->heads + head) * from, (size_t)from * sizeof(float));
    const dept_product product = {
      .transpose_b = !j->expanding, .m = p->rows, .n = to, .k = from, .a = in,
      .b = (const char *)p->weight + (size_t)(head * narrow * wide) * element,
      .b_element = p->element,
      .b_exponent = p->exponent,
      .rounding = p->element == DEPT_BFLOAT16,
      .c = out};
    dept_multiply_matrices(&product);
    for (ptrdiff_t i = 0; i < p->rows; i++)
      memcpy(j->y + (i * p->heads + head) * to, out + i * to, (size_t)to * sizeof(float));
  }
}

void dept_expand_heads(const dept_head_product *product, const float *x, float *y) {
  job j = {product, x, y, true};
  if (product->rows > 0) dept_parallel(product->heads, 1, body, &j);
}

void dept_collapse_heads(const dept_head_product *product, const float *x, float *y) {
  job j = {product, x, y, false};
  if (product->rows > 0) dept_parallel(product->heads, 1, body, &j);
}
