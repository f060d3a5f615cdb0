package dev.turnout.gateway;

import dev.turnout.topic.RecordLimits;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads the bodies of requests up to a limit, whatever a client says of their length. */
final class RequestBody {
  /**
   * What is read and thrown away of a body that is too large, so that its sender gets an answer.
   */
  private static final int MOST_DISCARDED = 32 * 1024 * 1024;

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
          announced > RecordLimits.HTTP_BODY
              ? new byte[0]
              : body.readNBytes(RecordLimits.HTTP_BODY + 1);
      if (announced > RecordLimits.HTTP_BODY || bytes.length > RecordLimits.HTTP_BODY) {
        discard(body, announced);
        throw GatewayError.tooLarge("the body has more than " + RecordLimits.HTTP_BODY + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException gone) {
      throw new UncheckedIOException("the client went away while it sent its request", gone);
    }
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
