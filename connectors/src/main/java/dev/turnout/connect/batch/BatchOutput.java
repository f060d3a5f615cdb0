package dev.turnout.connect.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The results of one batch, in the form of OpenAI's output files: a line of each request, the first
 * that comes. Confined to one thread; held by one process.
 */
public final class BatchOutput implements Closeable {
  private static final int ANSWERED = 200;

  private final FileChannel file;
  private final Set<String> requests;

  private BatchOutput(FileChannel file, Set<String> requests) {
    this.file = file;
    this.requests = requests;
  }

  /**
   * Opens the file, and makes it where there is none. A line that a crash cut off is taken back.
   *
   * @return empty while somebody else writes it
   */
  public static Optional<BatchOutput> open(Path path) throws IOException {
    FileChannel file = new RandomAccessFile(path.toFile(), "rw").getChannel();
    try {
      if (file.tryLock() == null) {
        file.close();
        return Optional.empty();
      }
    } catch (OverlappingFileLockException byAnotherTaskOfThisWorker) {
      file.close();
      return Optional.empty();
    }
    Set<String> requests = new HashSet<>();
    file.truncate(readLines(file, requests));
    file.position(file.size());
    return Optional.of(new BatchOutput(file, requests));
  }

  /** Learns the requests of all whole lines; the bytes that those take. */
  private static long readLines(FileChannel file, Set<String> requests) throws IOException {
    long whole = 0;
    // not closed: that would close the file
    BufferedReader reader =
        new BufferedReader(Channels.newReader(file.position(0), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      long end = whole + line.getBytes(StandardCharsets.UTF_8).length + 1;
      Optional<ObjectNode> json = Json.parse(line);
      if (json.isEmpty() || end > file.size()) {
        break;
      }
      requests.add(json.get().path("custom_id").asText());
      whole = end;
    }
    return whole;
  }

  /** Writes what became of a request, unless that is known. */
  public void add(Outcome outcome) throws IOException {
    ObjectNode line = line(outcome.getQueryId(), outcome.getMetadata());
    if (outcome.getStatus() == OutcomeStatus.SUCCEEDED) {
      ObjectNode body =
          Json.parse(outcome.getResponse())
              .orElseGet(() -> Json.object().put("answer", outcome.getAnswer()));
      response(line, ANSWERED, outcome.getQueryId()).set("body", body);
      line.putNull("error");
    } else if (outcome.getHttpStatus() != null) {
      ObjectNode error = Json.parse(outcome.getErrorBody()).orElseGet(Json::object);
      response(line, outcome.getHttpStatus(), outcome.getQueryId())
          .putObject("body")
          .set("error", error);
      line.putNull("error");
    } else {
      line.putNull("response");
      error(line, outcome.getStatus().name(), String.valueOf(outcome.getError()));
    }
    write(line);
  }

  /** Writes that a request was refused before an LLM was asked, unless a result is known. */
  public void refused(Query query, String reason, String detail) throws IOException {
    ObjectNode line = line(query.getId(), query.getMetadata());
    line.putNull("response");
    error(line, reason, detail);
    write(line);
  }

  private static ObjectNode line(String queryId, Map<String, String> metadata) {
    return Json.object()
        .put("id", "batch_req_" + queryId)
        .put("custom_id", metadata.getOrDefault(BatchKeys.REQUEST, ""));
  }

  private static ObjectNode response(ObjectNode line, int status, String queryId) {
    return line.putObject("response").put("status_code", status).put("request_id", queryId);
  }

  private static void error(ObjectNode line, String code, String message) {
    line.putObject("error").put("code", code).put("message", message);
  }

  private void write(ObjectNode line) throws IOException {
    if (requests.add(line.path("custom_id").asText())) {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
  }

  /** Returns when all lines are on the disk. */
  public void force() throws IOException {
    file.force(true);
  }

  @Override
  public void close() throws IOException {
    force();
    file.close();
  }
}
