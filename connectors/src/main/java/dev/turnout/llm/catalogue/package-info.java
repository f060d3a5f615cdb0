/** What is known of well-known models, to start a profile from. */
@NullMarked
package dev.turnout.llm.catalogue;

import org.jspecify.annotations.NullMarked;
