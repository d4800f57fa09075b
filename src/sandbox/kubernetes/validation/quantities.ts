/** Amounts of resources (`500m`, `1Gi`), which are read from texts and from numbers alike. */

const fields =
  /(^|\.)(limits|requests|capacity|allocatable|hard|used|overhead|default|defaultRequest|max|min|maxLimitRequestRatio|sizeLimit|divisor|allocatedResources|averageValue)$|(target|current|V2MetricTarget|V2MetricValueStatus)\.value$/;

/** Whether a field of that name, or at that path, holds such an amount or a map of them. */
export const isQuantity = (path: string): boolean => fields.test(path);
