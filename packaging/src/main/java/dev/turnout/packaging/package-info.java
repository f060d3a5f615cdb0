/** Images and the release archive, made from what Maven built. */
@NullMarked
package dev.turnout.packaging;

import org.jspecify.annotations.NullMarked;
