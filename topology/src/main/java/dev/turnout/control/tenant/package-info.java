/** What tenants may spend and explore. */
@NullMarked
package dev.turnout.control.tenant;

import org.jspecify.annotations.NullMarked;
