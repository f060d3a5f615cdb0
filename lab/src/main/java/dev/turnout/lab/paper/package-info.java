/** Recipe {@code paper}: RouterDC's published losses, on a frozen or a fine-tuned encoder. */
@NullMarked
package dev.turnout.lab.paper;

import org.jspecify.annotations.NullMarked;
