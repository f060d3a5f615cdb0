/** The commands that run a part against a Kafka of one's own. */
@NullMarked
package dev.turnout.app.command.role;

import org.jspecify.annotations.NullMarked;
