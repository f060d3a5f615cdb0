package dev.turnout.gateway.endpoint;

import dev.turnout.gateway.GatewayError;
import dev.turnout.topic.RecordLimits;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Reads the bodies of requests up to a limit, whatever a client says of their length. */
final class RequestBody {
  /**
   * What is read and thrown away of a body that is too large, so that its sender gets an answer.
   */
  private static final int MOST_DISCARDED = 32 * 1024 * 1024;

  /** A client that sends its request more slowly, after a while, holds a thread for nothing. */
  private static final int SLOWEST_BYTES_PER_SECOND = 1024;

  private static final int PATIENCE_SECONDS = 10;

  private RequestBody() {}

  /**
   * The body as text.
   *
   * @throws GatewayError with 413 if it is larger than {@link RecordLimits#HTTP_BODY}
   */
  static String read(Context context) {
    long announced = context.req().getContentLengthLong();
    try {
      // the servlet container ends this stream
      InputStream body = context.req().getInputStream();
      byte[] bytes =
          announced > RecordLimits.HTTP_BODY ? new byte[0] : read(body, Math.max(0, announced));
      if (announced > RecordLimits.HTTP_BODY || bytes.length > RecordLimits.HTTP_BODY) {
        discard(body, announced);
        throw GatewayError.tooLarge("the body has more than " + RecordLimits.HTTP_BODY + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException gone) {
      throw new UncheckedIOException("the client went away while it sent its request", gone);
    }
  }

  /** One byte more than the limit is read of what is too large. */
  private static byte[] read(InputStream body, long announced) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream((int) Math.max(1024, announced));
    byte[] buffer = new byte[16 * 1024];
    long start = System.nanoTime();
    int most = RecordLimits.HTTP_BODY + 1;
    while (read.size() < most) {
      int count = body.read(buffer, 0, Math.min(buffer.length, most - read.size()));
      if (count < 0) {
        break;
      }
      read.write(buffer, 0, count);
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) - PATIENCE_SECONDS;
      if (read.size() < seconds * SLOWEST_BYTES_PER_SECOND) {
        throw new GatewayError(
            408, "invalid_request_error", "the request came too slowly; send it again");
      }
    }
    return read.toByteArray();
  }

  /** A client that is still sending when it is answered may see a broken connection instead. */
  private static void discard(InputStream body, long announced) throws IOException {
    if (announced <= MOST_DISCARDED) {
      long discarded = 0;
      byte[] buffer = new byte[64 * 1024];
      int read = body.read(buffer);
      while (read >= 0 && discarded < MOST_DISCARDED) {
        discarded += read;
        read = body.read(buffer);
      }
    }
  }
}
