fn main(){ let t=std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap(); let r=gonogo::runbook::read(&t);
 for e in &r.environments {println!("{e:?}");} for c in &r.checklists {println!("{} {} {:?}",c.id,c.title,c.items.iter().map(|i|(&i.id.0,&i.command)).collect::<Vec<_>>());}
 fn st(s:&gonogo::runbook::Step,d:usize){ println!("{}{} {:?} est {:?} opt {} L{}", " ".repeat(d), s.id,s.title,s.estimate_s,s.optional,s.line); for b in &s.blocks { blk(b,d) } for x in &s.substeps {st(x,d+2)} }
 fn blk(b:&gonogo::runbook::Block,d:usize){ for c in &b.commands { println!("{}  {} L{}-{} {:?} {:?}{}{}{} cond={:?} holes={:?} wait={:?} about={:?} | {}", " ".repeat(d), c.id,c.span.line,c.span.end_line,c.kind,c.effect,if c.sensitive{" SENS"}else{""},if c.optional{" OPT"}else{""},if c.alternative{" ALT"}else{""},c.condition,c.holes,c.wait_s,c.about,c.text.lines().next().unwrap()); for e in &c.expects {println!("{}      EXPECT L{} {:?}"," ".repeat(d),e.line,e.text);} } for o in &b.other {println!("OTHER {o:?}");} }
 for x in &r.steps {st(x,0)} println!("ROLLBACK {:?}", r.rollback.triggers.len()); for x in &r.rollback.steps {st(x,0)} for b in &r.rollback.verification {blk(b,0)}
 for m in &r.monitoring {println!("{} {} {:?} {:?} {}",m.id,m.title,m.every_s,m.for_s,m.items.len()); for b in &m.blocks{blk(b,0)}}
 for p in &r.troubleshooting {println!("{} {}",p.id,p.problem); for b in &p.check {blk(b,0)} for b in &p.solution{blk(b,2)}}
 for c in &r.success {println!("{} {}",c.id,c.text); for b in &c.blocks {blk(b,0)}}
 for t in &r.targets {println!("{t:?}");} println!("{:?}", r.contacts.len()); println!("{:?}", r.log_template.as_ref().map(|t|(t.items.len(),t.line,t.text_line))); println!("{}",r.references.len());
 for p in &r.parameters {println!("{} {:?} {:?} {} {:?}",p.name,p.kind,p.default,p.secret,p.uses.iter().map(|u|u.line).collect::<Vec<_>>());}
 for f in &r.findings {println!("{:?}",f);} println!("{:?} {:?}",r.title,r.front); for o in &r.outline {println!("{} {:?} {}",o.line,o.role,o.title);} }
