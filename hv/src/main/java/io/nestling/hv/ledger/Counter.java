package io.nestling.hv.ledger;

import java.util.function.LongSupplier;

/**
 * One thing counted.
 *
 * @param name dotted, stable: reports and scripts use it
 * @param unit of the value
 * @param help one line
 * @param value reads it
 */
public record Counter(String name, String unit, String help, LongSupplier value) {}
