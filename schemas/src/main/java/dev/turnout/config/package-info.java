/** What a setting is: declared once beside the record that it fills, and read out of texts. */
@NullMarked
package dev.turnout.config;

import org.jspecify.annotations.NullMarked;
