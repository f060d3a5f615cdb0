/** {@code turnout tenants}. */
@NullMarked
package dev.turnout.app.command.tenant;

import org.jspecify.annotations.NullMarked;
