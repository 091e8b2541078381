#include "kernels.h"
#include "vectorized.h"

typedef struct {
  ptrdiff_t rows, width;
  float epsilon;
  const float *x, *weight, *bias, *dy;
  float *y, *mean, *rstd, *dweight, *dbias;
} operands;

VECTORIZED static void rms_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  const float *weight = o->weight;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * width;
    float *y = o->y + i * width;
    float sum = 0;
    for (ptrdiff_t j = 0; j < width; j++) sum += x[j] * x[j];
    const float rstd = 1.0f / sqrtf(sum / (float)width + o->epsilon);
    o->rstd[i] = rstd;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = x[j] * rstd * weight[j];
  }
}

void dept_rms_norm(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *weight, float *y,
  float *rstd) {
  operands o = {rows, width, epsilon, x, weight, 0, 0, y, 0, rstd, 0, 0};
  dept_parallel(rows, 1 + 8192 / width, rms_body, &o);
}

VECTORIZED static void rms_pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  const float *weight = o->weight;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * width, *dy = o->dy + i * width;
    float *dx = o->y + i * width;
    const float rstd = o->rstd[i];
    float dot = 0;
    for (ptrdiff_t j = 0; j < width; j++) dot += dy[j] * weight[j] * x[j];
    const float factor = dot * rstd * rstd * rstd / (float)width;
    for (ptrdiff_t j = 0; j < width; j++) dx[j] = rstd * weight[j] * dy[j] - factor * x[j];
  }
}

VECTORIZED static void rms_weight_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  float *dweight = o->dweight;
  for (ptrdiff_t j = begin; j < end; j++) dweight[j] = 0;
  for (ptrdiff_t i = 0; i < o->rows; i++) {
    const float *x = o->x + i * width, *dy = o->dy + i * width;
    const float rstd = o->rstd[i];
    for (ptrdiff_t j = begin; j < end; j++) dweight[j] += dy[j] * x[j] * rstd;
  }
}

void dept_rms_norm_pull(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *weight, const float *rstd,
  const float *dy, float *dx, float *dweight) {
  operands o = {rows, width, 0, x, weight, 0, dy, dx, 0, (float *)rstd, dweight, 0};
  if (dx) dept_parallel(rows, 1 + 8192 / width, rms_pull_body, &o);
  if (dweight) dept_parallel(width, 64, rms_weight_body, &o);
}

VECTORIZED static void layer_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * width;
    float *y = o->y + i * width;
    float sum = 0, squares = 0;
    for (ptrdiff_t j = 0; j < width; j++) sum += x[j];
    const float mean = sum / (float)width;
    for (ptrdiff_t j = 0; j < width; j++) squares += (x[j] - mean) * (x[j] - mean);
    const float rstd = 1.0f / sqrtf(squares / (float)width + o->epsilon);
    o->mean[i] = mean;
    o->rstd[i] = rstd;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = (x[j] - mean) * rstd * o->weight[j] + o->bias[j];
  }
}

void dept_layer_norm(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *weight,
  const float *bias, float *y, float *mean, float *rstd) {
  operands o = {rows, width, epsilon, x, weight, bias, 0, y, mean, rstd, 0, 0};
  dept_parallel(rows, 1 + 8192 / width, layer_body, &o);
}

VECTORIZED static void layer_pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * width, *dy = o->dy + i * width;
    float *dx = o->y + i * width;
    const float mean = o->mean[i], rstd = o->rstd[i];
    float sum = 0, dot = 0;
    for (ptrdiff_t j = 0; j < width; j++) {
      const float g = dy[j] * o->weight[j];
      sum += g;
      dot += g * (x[j] - mean) * rstd;
    }
    sum /= (float)width;
    dot /= (float)width;
    for (ptrdiff_t j = 0; j < width; j++)
      dx[j] = rstd * (dy[j] * o->weight[j] - sum - (x[j] - mean) * rstd * dot);
  }
}

VECTORIZED static void layer_weight_body(
  void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t j = begin; j < end; j++) o->dweight[j] = o->dbias[j] = 0;
  for (ptrdiff_t i = 0; i < o->rows; i++) {
    const float *x = o->x + i * width, *dy = o->dy + i * width;
    const float mean = o->mean[i], rstd = o->rstd[i];
    for (ptrdiff_t j = begin; j < end; j++) {
      o->dweight[j] += dy[j] * (x[j] - mean) * rstd;
      o->dbias[j] += dy[j];
    }
  }
}

void dept_layer_norm_pull(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *weight, const float *mean,
  const float *rstd, const float *dy, float *dx, float *dweight, float *dbias) {
  operands o = {rows, width, 0, x, weight, 0, dy, dx, (float *)mean, (float *)rstd, dweight, dbias};
  if (dx) dept_parallel(rows, 1 + 8192 / width, layer_pull_body, &o);
  if (dweight && dbias) dept_parallel(width, 64, layer_weight_body, &o);
}
