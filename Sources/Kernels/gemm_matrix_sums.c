// The rows of a product that have left the matrix unit and wait to be finished.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_matrix_sums.h"

_Thread_local waiting_rows dept_waiting_rows;

MATRIX void dept_end_matrix_products(void) {
  finish_share(&dept_waiting_rows, 1, 1);
  dept_end_matrix_unit();
}

#endif
