/**
 * Budgets on Kafka: every movement of a tenant's money goes to the one owner of the tenant's key,
 * who keeps the account and tells the routers what may be spent.
 */
@NullMarked
package dev.turnout.spending;

import org.jspecify.annotations.NullMarked;
