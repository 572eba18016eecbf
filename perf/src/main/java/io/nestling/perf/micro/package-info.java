/** Microbenchmarks, one per cost centre of the engines. */
package io.nestling.perf.micro;
