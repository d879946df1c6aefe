#include "gate/cli/places.h"

#include <optional>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/cli/report.h"

namespace slogate {

absl::StatusOr<Places> Places::Open(const CheckOptions& options, const Adapter& adapter,
                                    World& world) {
  Places places(options, adapter);
  if (!options.json.empty() && options.json != "-") {
    absl::StatusOr<std::unique_ptr<NewFile>> file = world.files.Create(options.json);
    if (!file.ok()) return file.status();
    places.document_ = *std::move(file);
  }
  for (const ReportOption& wanted : options.outputs) {
    absl::StatusOr<std::unique_ptr<NewFile>> file = world.files.Create(wanted.file);
    if (!file.ok()) return file.status();
    places.reports_.push_back({FindReport(wanted.kind), *std::move(file)});
  }
  for (const Sink& sink : adapter.sinks) {
    const std::string path = world.environment.Get(sink.variable).value_or("");
    if (path.empty()) {
      if (!sink.required) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("the adapter ", adapter.name, " needs the variable ", sink.variable,
                       ", which is not set: run it in a step of that system, or give --adapter "
                       "plain"));
    }
    absl::StatusOr<std::unique_ptr<OpenFile>> file = world.files.Open(path);
    if (!file.ok()) {
      return absl::Status(file.status().code(),
                          absl::StrCat(sink.variable, ": ", file.status().message()));
    }
    places.system_files_.push_back({&sink, *std::move(file)});
  }
  return places;
}

absl::Status Places::WriteSystemFiles(const Telling& telling, bool last) {
  for (const SystemFile& place : system_files_) {
    if (place.sink->last != last) continue;
    const absl::Status written = place.file->Append(place.sink->render(telling));
    if (!written.ok()) return written;
  }
  return absl::OkStatus();
}

absl::Status Places::Publish(const Decided& decided, int exit_code, World& world) {
  const Decision& decision = decided.decision;
  const bool on_stdout = options_->json == "-";
  Stream& log = on_stdout ? world.err : world.out;
  RunNotes notes;
  notes.exit_code = exit_code;
  if (!on_stdout) notes.decision_file = options_->json;
  notes.decision_id = decided.id;
  if (decided.place) {
    const Checkpoint& head = decided.place->head;
    notes.recorded = {decided.place->seq, head.log_id, PrintCheckpoint(head)};
  }
  const Telling telling{decision,
                        ScreenFor(decision, notes),
                        SummaryOf(decision),
                        decided.id,
                        notes.recorded ? notes.recorded->checkpoint : "",
                        on_stdout ? "" : options_->json,
                        world.new_token(),
                        WantsColour(world, log)};
  if (document_ != nullptr || on_stdout) {
    const absl::Status written =
        on_stdout ? world.out.Write(decided.document) : document_->Write(decided.document);
    if (!written.ok()) return written;
  }
  for (const ReportFile& place : reports_) {
    const absl::Status written = place.file->Write(place.report->render(telling));
    if (!written.ok()) return written;
  }
  if (const absl::Status written = WriteSystemFiles(telling, false); !written.ok()) return written;

  if (const absl::Status said = log.Write(adapter_->log(telling)); !said.ok()) return said;

  if (document_ != nullptr) {
    if (const absl::Status placed = document_->Commit(); !placed.ok()) return placed;
  }
  for (const ReportFile& place : reports_) {
    if (const absl::Status placed = place.file->Commit(); !placed.ok()) return placed;
  }
  return WriteSystemFiles(telling, true);
}

}  // namespace slogate
