/** What the Kafka Streams applications of router, ledger and learner share. */
@NullMarked
package dev.turnout.streams;

import org.jspecify.annotations.NullMarked;
