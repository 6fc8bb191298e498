// Package bench measures the product from end to end, each figure beside the least that could do
// the same, measured in the same run: machines differ, ratios hardly do. What the figures mean is
// in docs/benchmarks.md; `make bench` takes them. Parts that can be measured alone have their
// benchmarks beside them.
package bench
