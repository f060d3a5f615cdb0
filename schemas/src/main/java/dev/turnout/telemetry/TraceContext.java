package dev.turnout.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The place in a trace that work is done for, as W3C Trace Context writes it; on records in headers
 * of the same names. It goes on whether or not anything of ours traces.
 *
 * @param traceparent trace, parent and flags
 * @param tracestate what vendors add; null for nothing
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {

  /** Name of the header. */
  public static final String TRACEPARENT = "traceparent";

  /** Name of the header. */
  public static final String TRACESTATE = "tracestate";

  /** What every vendor must be able to hand on. */
  private static final int LONGEST_STATE = 512;

  private static final String IDS = "(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

  /** Later versions may add to it. */
  private static final Pattern PARENT =
      Pattern.compile("00-" + IDS + "|(?!00|ff)[0-9a-f]{2}-" + IDS + "(?:-[\\x21-\\x7e]{1,200})?");

  private static final Pattern STATE = Pattern.compile("[\\x20-\\x7e\\t]+");

  /**
   * What somebody sent, if it is one: as the standard wants it, a parent that cannot be read begins
   * a new trace, and a state that cannot be read is left out.
   *
   * @param traceparent null for none
   * @param tracestate null for none
   */
  public static @Nullable TraceContext of(
      @Nullable String traceparent, @Nullable String tracestate) {
    if (traceparent == null || !PARENT.matcher(traceparent.strip()).matches()) {
      return null;
    }
    boolean readable =
        tracestate != null
            && tracestate.length() <= LONGEST_STATE
            && STATE.matcher(tracestate).matches();
    return new TraceContext(traceparent.strip(), readable ? tracestate : null);
  }

  /** That of a record; null if it has none. */
  public static @Nullable TraceContext of(Headers headers) {
    return of(text(headers.lastHeader(TRACEPARENT)), text(headers.lastHeader(TRACESTATE)));
  }

  private static @Nullable String text(@Nullable Header header) {
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Puts it into a record's headers, in the place of what was there. */
  public void into(Headers headers) {
    headers.remove(TRACEPARENT).remove(TRACESTATE);
    headers.add(TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
    if (tracestate != null) {
      headers.add(TRACESTATE, tracestate.getBytes(StandardCharsets.UTF_8));
    }
  }
}
