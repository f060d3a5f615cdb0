/** Tenants on a page: what they spend and may spend, and their keys without the secrets. */
@NullMarked
package dev.turnout.console.tenants;

import org.jspecify.annotations.NullMarked;
