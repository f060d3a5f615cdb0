/** Whether follow-ups are routed like their questions, and new questions like themselves. */
@NullMarked
package dev.turnout.lab.eval.conversation;

import org.jspecify.annotations.NullMarked;
