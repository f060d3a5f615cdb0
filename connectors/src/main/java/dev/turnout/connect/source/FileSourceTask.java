package dev.turnout.connect.source;

import dev.turnout.connect.ConnectorVersion;
import dev.turnout.connect.batch.BatchDownload;
import dev.turnout.topic.LogText;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files that fall to it, each in its order and from where Connect says it stood. Every
 * record carries the place behind its row, so that with exactly-once sources each row becomes one
 * record whatever dies, and without them at least one.
 */
public final class FileSourceTask extends SourceTask {
  private static final Logger LOG = LoggerFactory.getLogger(FileSourceTask.class);
  private static final int MOST_ROWS = 500;
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<Path, FileProgress> progress = new HashMap<>();
  private final Set<Path> replaced = new HashSet<>();
  private @Nullable FileSourceSettings settings;
  private @Nullable RowRecords records;
  private @Nullable ConnectException malformed;
  private Instant nextDownload = Instant.MIN;
  private int task;
  private int tasks = 1;

  @Override
  public void start(Map<String, String> props) {
    FileSourceSettings given = FileSourceSettings.of(props);
    settings = given;
    records = new RowRecords(given);
    task = Integer.parseInt(props.getOrDefault(TurnoutFileSource.TASK, "0"));
    tasks = Integer.parseInt(props.getOrDefault(TurnoutFileSource.TASKS, "1"));
  }

  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    if (settings == null) {
      throw new IllegalStateException("poll() before start()");
    }
    download(settings);
    List<SourceRecord> found = new ArrayList<>();
    try {
      long bytes = 0;
      for (Path file : files(settings)) {
        if (malformed == null && found.size() < MOST_ROWS && bytes < MOST_BYTES) {
          bytes += read(file, settings, found, MOST_BYTES - bytes);
        }
      }
    } catch (IOException failed) {
      throw new ConnectException(
          "the files "
              + settings.folder()
              + "/"
              + settings.pattern()
              + " cannot be read: "
              + failed,
          failed);
    }
    if (found.isEmpty() && malformed != null) {
      throw malformed;
    }
    if (found.isEmpty()) {
      stopped.await(settings.interval().toMillis(), TimeUnit.MILLISECONDS);
      return null;
    }
    return found;
  }

  /** One task fetches for all. */
  private void download(FileSourceSettings given) throws InterruptedException {
    BatchDownload download = given.download();
    if (download != null && task == 0 && !Instant.now().isBefore(nextDownload)) {
      download.fetch();
      nextDownload = Instant.now().plus(given.downloadEvery());
    }
  }

  private List<Path> files(FileSourceSettings given) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> folder = Files.newDirectoryStream(given.folder(), given.pattern())) {
      for (Path file : folder) {
        if (Math.floorMod(file.getFileName().toString().hashCode(), tasks) == task
            && Files.isRegularFile(file)) {
          files.add(file.toAbsolutePath());
        }
      }
    }
    progress.keySet().retainAll(files);
    replaced.retainAll(files);
    files.sort(null);
    return files;
  }

  /** Reads what a file has more; the bytes that were read. */
  private long read(Path file, FileSourceSettings given, List<SourceRecord> found, long mostBytes)
      throws IOException {
    FileProgress at = progress.get(file);
    if (at == null) {
      Map<String, Object> kept = context.offsetStorageReader().offset(FileProgress.key(file));
      at = kept == null ? FileProgress.BEGINNING : FileProgress.of(FileProgress.key(file), kept);
    }
    long bytes = 0;
    try {
      if (Files.size(file) == at.position() && progress.containsKey(file)) {
        return 0;
      }
      if (!at.fits(file)) {
        tellReplaced(file, at);
        return 0;
      }
      boolean settled =
          Files.getLastModifiedTime(file).toInstant().plus(given.settle()).isBefore(Instant.now());
      try (RowReader reader =
          new RowReader(file, at.position(), at.line(), given.isCsv(file), given.longestRow())) {
        RowRecords.OfFile rows = rows(file, at);
        while (found.size() < MOST_ROWS && bytes < mostBytes) {
          RawRow row = reader.next(settled);
          if (row == null) {
            break;
          }
          bytes += row.bytes().length;
          FileProgress behind = at.behind(row, file);
          SourceRecord record = record(rows, row, behind);
          if (malformed != null) {
            break;
          }
          at = behind;
          if (record != null) {
            found.add(record);
          }
        }
      }
    } catch (NoSuchFileException gone) {
      // deleted since the folder was listed
      return bytes;
    }
    progress.put(file, at);
    return bytes;
  }

  /** The rows before one that fails the task go out first, so that it alone is left to mend. */
  private @Nullable SourceRecord record(RowRecords.OfFile rows, RawRow row, FileProgress behind) {
    try {
      return rows.record(row, behind.place());
    } catch (ConnectException failed) {
      malformed = failed;
      return null;
    }
  }

  private RowRecords.OfFile rows(Path file, FileProgress at) throws IOException {
    if (records == null) {
      throw new IllegalStateException("poll() before start()");
    }
    return records.of(file, at.position() > 0);
  }

  private void tellReplaced(Path file, FileProgress at) {
    if (replaced.add(file)) {
      LOG.atError()
          .addKeyValue("file", LogText.of(file.toString()))
          .addKeyValue("position", at.position())
          .log(
              "the file is not the one that was read up to this byte: it was cut or replaced;"
                  + " nothing of it is read until the content is back, or comes under a new name,"
                  + " or the connector's offset of it is reset");
    }
  }

  @Override
  public void stop() {
    stopped.countDown();
  }

  @Override
  public String version() {
    return ConnectorVersion.text();
  }
}
