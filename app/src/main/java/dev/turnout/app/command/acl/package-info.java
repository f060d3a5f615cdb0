/** The command {@code turnout acls}. */
@NullMarked
package dev.turnout.app.command.acl;

import org.jspecify.annotations.NullMarked;
