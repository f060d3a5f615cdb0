/** Reading Kafka as an outsider does. */
@NullMarked
package dev.turnout.app.kafka;

import org.jspecify.annotations.NullMarked;
