#include "kernels.h"
#include "vectorized.h"

typedef struct {
  ptrdiff_t count, width;
  const int32_t *index;
  const float *x, *table;
  float *y;
} operands;

static void gather_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++)
    memcpy(
      o->y + i * o->width, o->table + (ptrdiff_t)o->index[i] * o->width,
      (size_t)o->width * sizeof(float));
}

void dept_gather(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *table, float *y) {
  operands o = {count, width, index, 0, table, y};
  dept_parallel(count, 1 + 32768 / width, gather_body, &o);
}

VECTORIZED static void add_gathered_body(
  void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * width, *row = o->table + (ptrdiff_t)o->index[i] * width;
    float *y = o->y + i * width;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = x[j] + row[j];
  }
}

void dept_add_gathered(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, const float *table,
  float *y) {
  operands o = {count, width, index, x, table, y};
  dept_parallel(count, 1 + 16384 / width, add_gathered_body, &o);
}

// Split by columns: two rows with the same index never race, and sums keep the order of rows.
VECTORIZED static void scatter_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t i = 0; i < o->count; i++) {
    const float *x = o->x + i * width;
    float *row = o->y + (ptrdiff_t)o->index[i] * width;
    for (ptrdiff_t j = begin; j < end; j++) row[j] += x[j];
  }
}

void dept_scatter_add(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, float *table) {
  operands o = {count, width, index, x, 0, table};
  dept_parallel(width, 64, scatter_body, &o);
}
