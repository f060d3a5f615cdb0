/** What a gateway remembers of ids and conversations, bounded in number and bytes. */
@NullMarked
package dev.turnout.gateway.memory;

import org.jspecify.annotations.NullMarked;
