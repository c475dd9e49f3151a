/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */
import{a as y,b as a,c as b,d as m,e as U,f as S,g as k,h as X,i as lt,j as g,k as Jt,l as dt,m as pt,n as V,o as Zt,p as te,q as ee,r as I,s as ne,t as z,u as D,v as re,w,x as It,y as oe}from"./chunk-MOCAT5KH.js";import{a as v}from"./chunk-YLCQAMB4.js";var Wt=class{constructor(n,t,r=2e3){this.connection=n;this.entryId=t;this.retryMs=r;this.state={phase:"connecting",snapshot:void 0};this.listeners=new Set;this.attempt=0;this.ready=()=>this.begin();this.lost=()=>this.set({...this.state,phase:"offline"})}subscribe(n){return this.listeners.size===0&&this.open(),this.listeners.add(n),n(this.state),()=>{this.listeners.delete(n)&&this.listeners.size===0&&this.close()}}open(){this.connection.addEventListener("ready",this.ready),this.connection.addEventListener("disconnected",this.lost),this.begin()}close(){this.attempt++,clearTimeout(this.timer),this.connection.removeEventListener("ready",this.ready),this.connection.removeEventListener("disconnected",this.lost),this.stop?.(),this.stop=void 0}async begin(){clearTimeout(this.timer);let n=++this.attempt;try{let t=await this.connection.subscribeMessage(r=>n===this.attempt&&this.take(r),this.entryId===void 0?{type:"commonwatt/live"}:{type:"commonwatt/live",entry_id:this.entryId},{resubscribe:!1});n===this.attempt?this.stop=t:t()}catch{n===this.attempt&&this.again("missing")}}take(n){n.closed?this.again("offline"):n.snapshot?this.set({phase:"live",snapshot:n.snapshot}):n.delta&&this.state.snapshot&&this.set({phase:"live",snapshot:{...this.state.snapshot,...n.delta}})}again(n){let t=this.state.snapshot!==void 0;this.set({...this.state,phase:t?"offline":n}),this.timer=setTimeout(()=>{this.begin()},this.retryMs)}set(n){this.state=n;for(let t of this.listeners)t(n)}},se=new WeakMap;function ie(e,n){let t=se.get(e);t||se.set(e,t=new Map);let r=n??"",o=t.get(r);return o||t.set(r,o=new Wt(e,n)),o}var H=class extends U{constructor(){super(...arguments);this.live={phase:"connecting",snapshot:void 0};this.drawn="";this.narrow=!1;this.dark=!1;this.maker=new ee}set hass(t){let r=this.current===void 0;this.current=t,this.dark=t.themes?.darkMode??!1;let o=te(t);this.drawn=[...Object.values(o),this.dark].join(),Jt(o.language)||dt(o.language).then(()=>this.requestUpdate("drawn")),r&&this.follow()}get hass(){return this.current}show(t){t!==this.wanted&&(this.wanted=t,this.follow())}get shownEntry(){return this.wanted??this.live.snapshot?.home.entry_id}context(){return this.current&&this.maker.make(this.current,this.live,this.narrow)}connectedCallback(){super.connectedCallback(),this.follow()}disconnectedCallback(){super.disconnectedCallback(),this.unfollow()}shouldUpdate(t){return this.current!==void 0&&t.size>0}follow(){if(!this.isConnected||!this.current)return;let t=ie(this.current.connection,this.wanted);t===this.store&&this.unsubscribe||(this.unfollow(),this.store=t,this.unsubscribe=t.subscribe(r=>this.live=r))}unfollow(){this.unsubscribe?.(),this.unsubscribe=void 0}};v([k()],H.prototype,"live",2),v([k()],H.prototype,"drawn",2),v([S({type:Boolean,reflect:!0})],H.prototype,"narrow",2),v([S({type:Boolean,reflect:!0})],H.prototype,"dark",2);var ln=y`:host{display:block;height:100%;}ha-card{display:block;height:100%;box-sizing:border-box;padding:16px;overflow:hidden;}.head{margin-bottom:10px;}.stale{opacity:0.6;}`,$=class extends H{static{this.shared=[z,D,ln]}static{this.options=[]}static{this.grid={columns:12,min_columns:6}}setConfig(n){if(n.entry_id!==void 0&&typeof n.entry_id!="string")throw new Error("entry_id must be the id of a CommonWatt config entry");this.config=n,this.show(n.entry_id)}static getStubConfig(){return{}}static getConfigForm(){let n=this.options;return{schema:[{name:"title",selector:{text:{}}},{name:"entry_id",selector:{config_entry:{integration:"commonwatt"}}},...n]}}getCardSize(){return 4}getGridOptions(){return this.constructor.grid}connectedCallback(){super.connectedCallback(),this.observer=new ResizeObserver(([n])=>{this.narrow=(n?.contentRect.width??999)<500}),this.observer.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.observer?.disconnect()}render(){let n=this.maker.words(this.hass),t=this.context();return a`<ha-card data-phase=${this.live.phase}>
${this.heading(t)}
${t?a`<div class=${t.offline?"stale":""}>${t.offline?a`<p class="small quiet">${t.t("offline",{time:t.f.moment(t.s.now.at,Date.now())})}</p>`:m}${this.body(t)}</div>`:a`<p class="empty">${n(this.live.phase==="missing"?"missing":"connecting")}</p>`}
</ha-card>`}titleKey(){}note(n){return""}heading(n){let t=this.titleKey(),r=this.config?.title??(t?this.maker.words(this.hass)(t):""),o=n?this.note(n):"";return!r&&!o?m:a`<div class="head"><h2>${r}</h2>${o?a`<span class="small quiet num">${o}</span>`:m}</div>`}};v([k()],$.prototype,"config",2);function ae(e,n){return(t,r)=>{let o=t.entities?.[r];return o?.platform==="commonwatt"&&n.includes(o.translation_key??"")?{config:{type:`custom:${e}`}}:null}}async function O(e,n){await customElements.whenDefined("commonwatt-gift"),await e?.open(n)}function le(e,n,t){let r=e.neighbour_w;if(r){let i=r>0?"take":"give";return{direction:i,partner:"neighbours",watts:Math.abs(r),priceMicro:e.price_micro,advantageMicro:dn(e,i),names:pn(i,n,t)}}if(e.grid_w==null)return{direction:r==null?"unknown":"none",partner:"grid",watts:null,priceMicro:e.price_micro,advantageMicro:null,names:[]};let o=e.grid_w>20?"take":e.grid_w<-20?"give":"none",s={take:e.import_micro,give:e.feed_in_micro,none:e.price_micro};return{direction:o,partner:"grid",watts:Math.abs(e.grid_w),priceMicro:s[o],advantageMicro:null,names:[]}}function dn(e,n){let t=n==="take"?e.import_micro:e.feed_in_micro;return e.price_micro==null||t==null?null:n==="take"?t-e.price_micro:e.price_micro-t}function pn(e,n,t){let r=t.find(s=>s.me)?.id,o=new Map(t.map(s=>[s.id,s.name]));return(n?.links??[]).filter(([s,i])=>e==="give"?s===r:i===r).sort((s,i)=>i[2]-s[2]).map(([s,i])=>o.get(e==="give"?i:s)).filter(s=>s!==void 0)}var mt=y`.hero{display:grid;grid-template-columns:minmax(0, 1.5fr) minmax(0, 1fr) minmax(0, 1fr);gap:8px 32px;align-items:start;}.hero .lead{display:flex;gap:20px;align-items:center;min-width:0;}.badge{flex:none;width:72px;height:72px;border-radius:50%;display:grid;place-items:center;background:var(--cw-tint);color:var(--cw-accent);}.give .badge{background:var(--cw-accent);color:var(--cw-on-accent);}.fact{padding-top:4px;min-width:0;}.label{font-size:14px;line-height:20px;color:var(--cw-quiet);}.lead .label{font-size:18px;line-height:24px;font-weight:500;color:var(--cw-text);}.value{font-size:30px;line-height:38px;font-weight:400;letter-spacing:-0.01em;font-variant-numeric:tabular-nums;white-space:nowrap;}.lead .value{font-size:48px;line-height:54px;letter-spacing:-0.02em;}.value small{font-size:0.5em;letter-spacing:0;color:var(--cw-quiet);margin-left:4px;}.note{font-size:14px;line-height:20px;color:var(--cw-quiet);}.lead .note{font-size:16px;line-height:22px;}:host([narrow]) .hero{grid-template-columns:minmax(0, 1fr) minmax(0, 1fr);gap:16px;}:host([narrow]) .hero .lead{grid-column:1 / -1;gap:16px;}:host([narrow]) .badge{width:56px;height:56px;}:host([narrow]) .lead .value{font-size:40px;line-height:46px;}:host([narrow]) .fact .value{font-size:24px;line-height:32px;}`;function de(e){return a`${e.value}${e.unit?a`<small>${e.unit}</small>`:m}`}function Q(e){let n=le(e.s.now,e.s.flows,e.s.homes);return a`<div class="hero ${n.direction}" data-test="hero" data-direction=${n.direction}>
<div class="lead">
<div class="badge">${w(mn(n),e.narrow?32:40)}</div>
<div>
<div class="label">${cn(e,n)}</div>
${n.direction==="none"?m:a`<div class="value" data-test="power">${de(e.f.power(n.watts))}</div>`}
<div class="note">${un(e,n)}</div>
</div>
</div>
<div class="fact">
<div class="label">${hn(e,n)}</div>
<div class="value" data-test="price">${de(e.f.price(n.priceMicro))}</div>
<div class="note">${fn(e,n)}</div>
</div>
<div class="fact">
<div class="label">${e.t("saved_today")}</div>
<div class="value" data-test="saved">${e.f.money(e.s.now.saved_nano_today)}</div>
<div class="note">${e.s.now.saved_nano_today==null||(e.s.now.members??0)<2?m:e.t(`basis_${e.s.now.basis??"insight"}`)}</div>
</div>
</div>`}function mn(e){return e.direction==="unknown"?"alert":e.direction}function cn(e,n){return e.t(n.direction)}function un(e,n){if(n.direction==="unknown")return e.t("unknown_why");if(n.direction==="none")return e.t("none_why");let t=n.direction==="give"?"to":"from";return n.partner==="grid"?e.t(`${t}_grid`):n.names.length===0?e.t(`${t}_somebody`):e.t(`${t}_neighbours`,{names:Zt(e.t,n.names)})}function hn(e,n){return n.partner==="neighbours"||n.direction==="none"?e.t("price_of_neighbours"):e.t(n.direction==="give"?"price_feed_in":"price_of_grid")}function fn(e,n){let{advantageMicro:t}=n;if(t==null)return n.partner==="neighbours"&&n.priceMicro==null?e.t("no_price"):m;let r=g(e.f.price(Math.abs(t))).replace("/kWh","");return t<0?e.t("worse",{amount:r}):t===0?e.t("same_as_grid"):e.t(n.direction==="give"?"better_give":"better_take",{amount:r})}var gn=4,bn=9e5,wn=5,ct=y`.tiles{display:grid;grid-template-columns:repeat(auto-fill, minmax(136px, 1fr));gap:10px;}.tile{display:flex;gap:12px;align-items:center;border:1px solid var(--cw-line);border-radius:10px;padding:10px 12px;min-width:0;}.tile .icon{color:var(--cw-quiet);}.tile .what{font-size:12px;line-height:16px;color:var(--cw-quiet);}.tile .amount{font-size:16px;line-height:22px;font-variant-numeric:tabular-nums;white-space:nowrap;}.flowlist .names{overflow-wrap:anywhere;font-size:14px;line-height:20px;}.flowlist .mine .names{font-weight:500;}.flowlist .mine .icon{color:var(--cw-accent);}.bar{display:block;height:4px;border-radius:2px;margin-top:4px;background:var(--cw-quiet);opacity:0.45;}.mine .bar{background:var(--cw-accent);opacity:1;}`;function me(e){let n=e.s.flows,t=ne(e)?.id,r=([i,l])=>i===t||l===t,o=[...n?.links??[]].sort((i,l)=>Number(r(l))-Number(r(i))||l[2]-i[2]).slice(0,wn);if(o.length===0)return a`<p class="empty">${e.t("flows_none")}</p>`;let s=Math.max(...o.map(([,,i])=>i));return a`<ul class="rows flowlist" data-test="flows">
${o.map(([i,l,p])=>a`<li class=${i===t||l===t?"mine":""}>
${w(i===t?"give":l===t?"take":"flash",20)}
<div class="grow">
<div class="names">${I(e,i)} → ${I(e,l)}</div>
<span class="bar" style="width:${Math.max(2,p/s*100)}%"></span>
</div>
<span class="num">${g(e.f.power(p*gn))}</span>
</li>`)}
</ul>`}function ut(e){let n=e.s.flows;if(!n||n.links.length===0)return e.t("map_none");let t=n.state==="final"?"map_final":"map_settled";return e.t(t,{from:e.f.time(n.start),to:e.f.time(n.start+bn)})}function ce(e){let{solar_w:n,battery_w:t,consumption_w:r,charger_w:o,grid_w:s,soc_ppm:i}=e.s.now,l=t==null||Math.abs(t)<20?"idle":t>0?"discharging":"charging",p=i==null?"":` · ${e.f.percent(i)}`,d=s==null||Math.abs(s)<20?"idle":s>0?"taking":"giving";return a`<div class="tiles" data-test="my-home">
${n==null?m:J("solar",e.t("solar"),g(e.f.power(n)))}
${t==null?m:J("battery",`${e.t("battery")}${p}`,`${pe(t)}${g(e.f.power(t))}`,e.t(l))}
${J("uses",e.t("uses"),g(e.f.power(r)))}
${o==null?m:J("car",e.t("car"),g(e.f.power(o)),e.t("included"))}
${J("grid",e.t("grid"),`${pe(s==null?s:-s)}${g(e.f.power(s))}`,s==null?"":e.t(d))}
</div>`}function pe(e){return e==null||Math.abs(e)<20?"":e>0?"▲ ":"▼ "}function J(e,n,t,r=""){return a`<div class="tile">
${w(e)}
<div>
<div class="what">${n}</div>
<div class="amount">${t}</div>
${r?a`<div class="what">${r}</div>`:m}
</div>
</div>`}var ft=y`.origin{display:flex;height:44px;border-radius:8px;overflow:hidden;gap:2px;}.origin div{min-width:2px;}.suppliers{display:flex;flex-wrap:wrap;gap:8px 32px;margin-bottom:16px;}.suppliers .label{font-size:14px;line-height:20px;color:var(--cw-quiet);}.suppliers .value{font-size:30px;line-height:36px;font-variant-numeric:tabular-nums;}.sources{display:grid;grid-template-columns:repeat(auto-fill, minmax(190px, 1fr));gap:4px 24px;margin-top:14px;font-size:14px;line-height:24px;}.sources li{display:flex;align-items:center;gap:8px;}.sources .dot{width:12px;height:12px;border-radius:3px;flex:none;}.sources .num{margin-left:auto;}.carbon{display:flex;align-items:center;gap:12px;margin-top:18px;padding-top:16px;border-top:1px solid var(--cw-line);}.carbon .icon{color:var(--cw-quiet);}.carbon b{font-size:20px;font-weight:400;font-variant-numeric:tabular-nums;}`,Nt=["own","neighbour","grid","unknown"],ue={solar:"var(--cw-solar)",wind:"#4aa3c7",hydro:"#2f6f9f",biogas:"#7a9a3a",natural_gas:"#9a7b6a",hydrogen:"#a78bd0",grid:"color-mix(in srgb, var(--cw-quiet) 60%, var(--cw-card))",unknown:"color-mix(in srgb, var(--cw-quiet) 30%, var(--cw-card))"};function gt(e,n){if(n.length===0)return a`<p class="empty">${e.t("proof_none")}</p>`;let t=[...n].sort((s,i)=>Nt.indexOf(s.supplier)-Nt.indexOf(i.supplier)||i.share_ppm-s.share_ppm),r=Nt.map(s=>({supplier:s,ppm:n.filter(i=>i.supplier===s).reduce((i,l)=>i+l.share_ppm,0)})).filter(({ppm:s})=>s>0),o=r.map(({supplier:s,ppm:i})=>`${e.t(`supplier_${s}`)} ${e.f.percent(i)}`).join(", ");return a`<div data-test="origin">
<div class="suppliers">
${r.map(({supplier:s,ppm:i})=>a`<div>
<div class="label">${e.t(`supplier_${s}`)}</div>
<div class="value" data-supplier=${s}>${e.f.percent(i)}</div>
</div>`)}
</div>
<div class="origin" role="img" aria-label=${o}>
${t.map(s=>a`<div style="flex:${s.share_ppm/1e6};background:${he(s)}"></div>`)}
</div>
<ul class="sources">
${t.map(s=>a`<li>
<span class="dot" style="background:${he(s)}"></span>
${s.supplier==="grid"||s.supplier==="unknown"?e.t(`source_${s.supplier}`):`${V(e.t,"source",s.source)} · ${e.t(`supplier_${s.supplier}`)}`}
<span class="num">${e.f.percent(s.share_ppm)}</span>
</li>`)}
</ul>
</div>`}function he(e){let n=ue[e.source]??ue.unknown;return e.supplier==="neighbour"?`color-mix(in srgb, ${n} 72%, var(--cw-card))`:`${n}`}function bt(e){let n=e.s.proof.carbon_g_per_kwh;return n==null?m:a`<div class="carbon">
${w("leaf")}
<div><div class="small quiet">${e.t("carbon")}</div><b>${e.f.number(n,0)}</b> <span class="quiet">${e.t("carbon_unit")}</span></div>
</div>`}var vn=3,wt=y`.actions .time{font-size:13px;color:var(--cw-quiet);}.actions .why{font-size:14px;line-height:20px;color:var(--cw-quiet);}.actions .what{font-size:16px;line-height:22px;}.actions li{align-items:flex-start;padding:12px 0;}.steer{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:12px;}`;function vt(e,n=vn){let t=(e.s.plan?.actions??[]).filter(r=>r.ends_at>e.s.now.at).slice(0,n);return t.length===0?a`<p class="empty">${e.t("plan_next_none")}</p>`:a`<ol class="rows actions" data-test="actions">
${t.map(r=>{let o=e.s.now.at,i=r.starts_at<=o?e.t("plan_goes_on",{time:e.f.moment(r.ends_at,o)}):`${e.f.moment(r.starts_at,o)} – ${e.f.time(r.ends_at)}`,l=e.t(`kind_${r.kind}`,{name:r.name});return a`<li>
${w(xn(r.kind))}
<div class="grow">
<div class="time num">${i}</div>
<div class="what">${l} · <span class="num">${g(e.f.power(r.power_w))}</span></div>
<div class="why">${e.t("plan_reason_because",{why:V(e.t,"why",r.reason)})}</div>
</div>
</li>`})}
</ol>`}function xn(e){return e.endsWith("battery")?"action_battery":e.endsWith("car")?"action_car":e.endsWith("hydrogen")?"action_hydrogen":e==="heat"?"action_heat":"action_appliance"}function fe(e,n,t){let r=e.s.control;if(!r)return a`<p class="small quiet">${e.t("plan_admin")}</p>`;if(r.length===0)return m;let o=r.filter(i=>i.armed),s=o.length>0?`${e.t("plan_steered")}: ${o.map(i=>i.name).join(", ")}`:e.t("plan_not_steered");return a`<div class="steer">
<span class="quiet">${s}</span>
${o.length>0?a`<button ?disabled=${t} @click=${()=>n(!1)} data-test="pause">${w("pause",20)}${e.t("plan_pause")}</button>`:a`<button ?disabled=${t} @click=${()=>n(!0)} data-test="resume">${w("play",20)}${e.t("plan_resume")}</button>`}
</div>`}var F=y`.pool{margin-top:16px;}.score{display:flex;gap:28px;align-items:start;flex-wrap:wrap;}.ring{width:128px;height:128px;flex:none;}.ring .track{fill:none;stroke:var(--cw-line);stroke-width:9;}.ring .done{fill:none;stroke:var(--cw-accent);stroke-width:9;stroke-linecap:round;}.ring text{font-family:inherit;text-anchor:middle;fill:var(--cw-text);}.parts{flex:1;min-width:220px;display:grid;gap:10px;}.part{font-size:14px;line-height:20px;}.part .line{display:flex;justify-content:space-between;gap:12px;}.meter{height:6px;border-radius:3px;background:var(--cw-line);overflow:hidden;margin:4px 0;}.meter{position:relative;}.meter>i{position:absolute;top:0;width:3px;height:100%;margin-left:-3px;background:var(--cw-text);}.meter>span{display:block;height:100%;background:var(--cw-accent);}.badges{display:grid;grid-template-columns:repeat(auto-fill, minmax(120px, 1fr));gap:12px;}.badges li{text-align:center;font-size:13px;line-height:18px;}.badges .medal{width:56px;height:56px;margin:0 auto 6px;border-radius:50%;display:grid;place-items:center;color:var(--cw-quiet);border:2px dashed var(--cw-line);}.badges .earned .medal{background:var(--cw-accent);color:var(--cw-on-accent);border:none;}.vote{padding:14px 0;border-top:1px solid var(--cw-line);}.vote:first-child{border-top:none;padding-top:0;}.buttons{display:flex;flex-wrap:wrap;gap:8px;margin-top:10px;}.error{color:var(--error-color, #b3261e);font-size:14px;}`;function yn(e,n){let t=n.out_of>0?Math.min(1,n.points/n.out_of):0,r=2*Math.PI*54,o=`${e.t("score")}: ${n.points} ${e.t("score_of",{total:n.out_of})}`;return a`<svg class="ring" viewBox="0 0 128 128" role="img" aria-label=${o}>
<circle class="track" cx="64" cy="64" r="54"></circle>
<circle class="done" cx="64" cy="64" r="54" stroke-dasharray="${t*r} ${r}" transform="rotate(-90 64 64)"></circle>
<text x="64" y="70" font-size="34">${e.f.number(n.points,0)}</text>
<text x="64" y="90" font-size="12">${e.t("score_of",{total:n.out_of})}</text>
</svg>`}function xt(e){let n=e.s.score;return n?a`<div class="score" data-test="score">
${yn(e,n)}
<div class="parts">
${n.level?a`<div><span class="chip">${n.level}</span>
${n.streak_days?a` <span class="chip">${n.streak_days===1?e.t("streak_one"):e.t("streak",{count:n.streak_days})}</span>`:m}
${n.reputation_ppm==null?m:a` <span class="chip">${e.t("reputation")} ${e.f.percent(n.reputation_ppm)}</span>`}</div>`:m}
${n.parts.map(t=>a`<div class="part">
<div class="line"><span>${t.name}</span><span class="num">${t.points??"–"} / ${t.out_of}</span></div>
${t.points==null?m:Gt(t.out_of?t.points/t.out_of:0)}
<div class="small quiet">${t.why}</div>
</div>`)}
</div>
</div>`:a`<p class="empty">${e.t("score_none")}</p>`}function Gt(e,n){let t=r=>Math.min(100,Math.max(0,r*100));return a`<div class="meter"><span style="width:${t(e)}%"></span>${n===void 0?m:a`<i style="left:${t(n)}%"></i>`}</div>`}function ge(e){let n=e.s.badges??[];if(n.length===0)return a`<p class="empty">${e.t("badges_none")}</p>`;let t=o=>o.earned_at!=null||(o.progress_ppm??0)>=1e6,r=[...n].sort((o,s)=>Number(t(s))-Number(t(o)));return a`<ul class="badges" data-test="badges">
${r.map(o=>a`<li class=${t(o)?"earned":""} title=${o.description}>
<div class="medal">${w(t(o)?"check":"star",28)}</div>
${o.name}
${!t(o)&&o.progress_ppm?a`<div class="quiet">${e.f.percent(o.progress_ppm)}</div>`:m}
<span class="visually-hidden">${o.description}</span>
</li>`)}
</ul>`}function be(e){let n=e.s.missions??[];return n.length===0?a`<p class="empty">${e.t("missions_none")}</p>`:a`<ul class="rows" data-test="missions">${n.map(t=>$n(e,t))}</ul>`}function $n(e,n){return a`<li><div class="grow part">
<div class="line"><b>${n.name}</b><span class="num">${n.amount??e.f.percent(n.progress_ppm)}</span></div>
${n.progress_ppm==null?m:Gt(n.progress_ppm/1e6)}
<div class="small quiet">${n.description}${n.ends_at==null?m:a` · ${e.t("plan_until",{time:e.f.date(n.ends_at)})}`}</div>
</div></li>`}function we(e,n,t){let r=e.s.leaderboard,o=r?.opted_in??!1,s=o?r?.rows??[]:[];return a`${s.length>0?_n(s):a`<p class="empty">${e.t(o?"leaderboard_soon":"leaderboard_off")}</p>`}
${r&&e.s.home.may_act&&e.act.knows("show_score")?a`<button ?disabled=${t} @click=${()=>n(!o)} data-test="show-score">${e.t(o?"leaderboard_leave":"leaderboard_join")}</button>`:m}`}function _n(e){return a`<ol class="rows" data-test="leaderboard">
${e.map(n=>a`<li>
<span class="num quiet">${n.rank}.</span>
<span class="grow">${n.me?a`<b>${n.name}</b>`:n.name}</span>
<span class="num">${n.points}</span>
</li>`)}
</ol>`}function yt(e,n){let t=e.s.gifts.filter(r=>r.state!=="ended"||r.moved_wh>0);return t.length===0?a`<p class="empty">${e.t("gifts_none")}</p>`:a`<ul class="rows" data-test="gifts">${t.map(r=>kn(e,r,n))}</ul>`}function kn(e,n,t){let r=I(e,n.mine?n.receiver:n.giver),o=g(e.f.energy(n.energy_wh)),i=n.moved_wh>=n.energy_wh?e.t("gift_done"):n.state==="ended"?e.t("gift_ended"):n.moved_wh>0?e.t("gift_moved",{amount:g(e.f.energy(n.moved_wh))}):e.t("gift_waiting",{time:e.f.moment(n.until,e.s.now.at)});return a`<li>
${w("gift")}
<div class="grow">
<div>${e.t(n.mine?"gift_given":"gift_received",{name:r,amount:o})}</div>
<div class="small quiet">${i}</div>
</div>
${t&&!n.mine&&n.moved_wh>0&&e.s.home.may_act?a`<button @click=${()=>t(n)}>${e.t("thank")}</button>`:m}
</li>`}var Cn=[2e3,5e3,1e4];function ve(e,n,t){let r=e.s.requests??[],o=e.s.home.may_act&&e.s.homes.length>1&&e.act.knows("request_energy")&&!r.some(s=>s.mine);return a`${r.length===0?a`<p class="empty">${e.t("requests_none")}</p>`:Sn(e,r,n,t)}
${o?a`<p class="small quiet">${e.t("request_how")}</p>
<div class="buttons" role="group" aria-label=${e.t("request_ask")}>
${Cn.map(s=>a`<button ?disabled=${t} @click=${()=>n.ask(s)} data-test="ask-${s}">${g(e.f.energy(s)).replace(/[.,]0+(?=\D)/,"")}</button>`)}
</div>`:m}`}function Sn(e,n,t,r){return a`<ul class="rows" data-test="requests">
${n.map(o=>{let s=g(e.f.energy(o.energy_wh)),i=e.f.moment(o.until,e.s.now.at),l=o.mine?e.t("request_mine",{amount:s,time:i}):e.t("request_text",{name:o.from,amount:s,time:i});return a`<li>
${w("help")}
<div class="grow"><div>${l}</div>
${o.given_wh>0?a`<div class="small quiet">${e.t("request_given",{amount:g(e.f.energy(o.given_wh))})}</div>`:m}</div>
${e.s.home.may_act?o.mine?a`<button ?disabled=${r} @click=${()=>t.end(o)} data-test="end-request">${e.t("request_end")}</button>`:a`<button @click=${()=>t.help(o)}>${e.t("gift")}</button>`:m}
</li>`})}
</ul>`}function xe(e,n,t){let{pool:r}=e.s;if(!r)return m;let o=r.energy_wh>0?e.t("pool_holds",{amount:g(e.f.energy(r.energy_wh))}):e.t("pool_empty");return a`<p class="small pool" data-test="pool">${o}</p>
${r.mine.length===0?m:a`<ul class="rows">${r.mine.map(s=>a`<li>
${w("gift")}
<div class="grow">${e.t("pool_mine",{amount:g(e.f.energy(s.energy_wh)),time:e.f.moment(s.until,e.s.now.at)})}</div>
${e.s.home.may_act?a`<button ?disabled=${t} @click=${()=>n(s.id)} data-test="pool-back">${e.t("pool_back")}</button>`:m}
</li>`)}</ul>`}`}function $t(e,n,t){let r=e.s.votes??[];return r.length===0?a`<p class="empty" data-test="votes-none">${e.t("votes_none")}</p>`:a`<div data-test="votes">${r.map(o=>Rn(e,o,n,t))}</div>`}function Rn(e,n,t,r){let o=n.state==="open"&&n.mine==null&&e.s.home.may_act,s=e.t("vote_count",{yes:n.yes,no:n.no,needed:n.quorum}),i=n.state==="open"?e.t("vote_until",{time:e.f.moment(n.deadline,e.s.now.at)}):e.t(`vote_${n.state}`);return a`<div class="vote" data-vote=${n.id}>
<h3>${n.title}</h3>
<p class="small">${n.description}</p>
<p class="small quiet">${i} · ${s}</p>
${Gt(n.voters?n.yes/n.voters:0,n.voters?n.quorum/n.voters:void 0)}
${n.mine?a`<span class="chip">${e.t(`vote_mine_${n.mine}`)}</span>`:m}
${o?a`<div class="buttons">
<button class="filled" ?disabled=${r} @click=${()=>t(n,!0)} data-test="vote-yes">${e.t("vote_yes")}</button>
<button ?disabled=${r} @click=${()=>t(n,!1)} data-test="vote-no">${e.t("vote_no")}</button>
</div>`:m}
</div>`}var Z=class extends ${static{this.styles=[...$.shared]}static{this.card="map"}titleKey(){return"map_title"}note(n){return ut(n)}body(n){return a`<commonwatt-map .context=${n} .dark=${this.dark} @home-chosen=${t=>O(this.gift,t.detail)}></commonwatt-map>
<commonwatt-gift .context=${n} .dark=${this.dark}></commonwatt-gift>`}};v([X("commonwatt-gift")],Z.prototype,"gift",2);var _t=class extends ${static{this.styles=[...$.shared,mt]}static{this.card="status"}body(n){return Q(n)}},kt=class extends ${static{this.styles=[...$.shared,wt]}static{this.card="plan"}static{this.options=[{name:"hours",selector:{number:{min:6,max:48,step:6,unit_of_measurement:"h",mode:"box"}}},{name:"show_actions",selector:{boolean:{}}}]}static getStubConfig(){return{hours:24,show_actions:!0}}titleKey(){return"card_plan_title"}body(n){if(!n.s.plan)return a`<p class="empty">${n.t("plan_none")}</p>`;let t=Number(this.config?.hours??24);return a`<commonwatt-plan-chart .context=${n} .hoursShown=${t} .dark=${this.dark}></commonwatt-plan-chart>
${this.config?.show_actions===!1?m:vt(n)}`}},Ct=class extends ${static{this.styles=[...$.shared]}static{this.card="market"}titleKey(){return"market_price"}note(n){return`${n.t("saved_today")} ${n.f.money(n.s.now.saved_nano_today)}`}body(n){return n.s.market.days.some(t=>t[1]!=null)?a`<commonwatt-price-chart .context=${n} .dark=${this.dark}></commonwatt-price-chart>`:a`<p class="empty">${n.t("market_none")}</p>`}},St=class extends ${static{this.styles=[...$.shared,ft]}static{this.card="origin"}static{this.options=[{name:"month",selector:{boolean:{}}}]}titleKey(){return"proof_title"}note(n){return n.t(this.config?.month?"proof_month":"proof_today")}body(n){let t=this.config?.month===!0;return a`${gt(n,t?n.s.proof.month:n.s.proof.day)}${t?m:bt(n)}`}},Rt=class extends ${static{this.styles=[...$.shared,F]}static{this.card="score"}titleKey(){return"score"}body(n){return xt(n)}},j=class extends ${constructor(){super(...arguments);this.busy=!1;this.problem=""}static{this.styles=[...$.shared,F]}static{this.card="votes"}titleKey(){return"votes"}body(t){return a`${$t(t,(r,o)=>this.cast(t,r,o),this.busy)}
${this.problem?a`<p class="error" role="alert">${this.problem}</p>`:m}`}async cast(t,r,o){this.busy=!0,this.problem="";try{await t.act.vote(r.id,o)}catch(s){this.problem=lt(t.t,s)}finally{this.busy=!1}}};v([k()],j.prototype,"busy",2),v([k()],j.prototype,"problem",2);var tt=class extends ${static{this.styles=[...$.shared,ct,F]}static{this.card="gift"}titleKey(){return"gifts"}body(n){let t=n.s.home.may_act&&n.s.homes.length>1;return a`${yt(n)}
${t?a`<button class="filled" @click=${()=>O(this.gift)}>${w("gift",20)}${n.t("gift")}</button>`:m}
<commonwatt-gift .context=${n} .dark=${this.dark}></commonwatt-gift>`}};v([X("commonwatt-gift")],tt.prototype,"gift",2);var Tn="https://github.com/commonwatt/commonwatt/blob/main/docs/how-to/use-the-panel.md",ye=[[_t,["neighbour_power","saved_today"]],[Z,["neighbour_power","members_online"]],[kt,["next_action","plan_state"]],[Ct,["clearing_price","trade"]],[St,["local_share","self_sufficiency"]],[Rt,["season_score","level","reliability","streak"]],[j,["community"]],[tt,["gift"]]];function Ut(e){return`commonwatt-${e.card}-card`}function $e(){for(let[e]of ye){let n=e;customElements.get(Ut(e))||customElements.define(Ut(e),n)}}function _e(e){let n=window.customCards??=[];for(let[t,r]of ye){let o=Ut(t);n.some(s=>s.type===o)||n.push({type:o,name:e(`card_${t.card}`),description:e(`card_${t.card}_about`),preview:!0,documentationURL:Tn,getEntitySuggestion:ae(o,r)})}}function ke(e){let n=JSON.stringify({community:e.s.proof.certificates[0]?.community,certificates:e.s.proof.certificates},null,2),t=document.createElement("a");t.href=URL.createObjectURL(new Blob([n],{type:"application/json"})),t.download=`commonwatt-certificates-${new Date(e.s.now.at).toISOString().slice(0,10)}.json`,t.click(),setTimeout(()=>URL.revokeObjectURL(t.href),1e3)}function M([e,n],[t,r]){let o=n-e||1;return s=>t+(s-e)/o*(r-t)}function et(e,n,t){let r=n-e;if(!(r>0))return[e];let o=r/Math.max(1,t),s=10**Math.floor(Math.log10(o)),i=[1,2,5,10].map(d=>d*s).find(d=>d>=o)??10*s,l=Math.ceil(e/i-1e-9),p=Math.floor(n/i+1e-9);return Array.from({length:p-l+1},(d,c)=>(l+c)*i)}function Ce(e,n,t,r){let s=[];for(let i=Math.ceil(e/36e5)*36e5;i<=n;i+=36e5)r(i)%t===0&&s.push(i);return s}function Tt(e,n){let t=e.findIndex(r=>r>n);return t<0?e.length-2:Math.max(0,t-1)}function nt(e,n,t,r){let o="",s=!1;return n.forEach((i,l)=>{let p=e[l],d=e[l+1];if(i==null||p===void 0||d===void 0){s=!1;return}o+=`${s?"L":"M"}${L(t(p))} ${L(r(i))}H${L(t(d))}`,s=!0}),o}function Vt(e,n,t,r,o){let s="",i="";for(let l=0;l+1<e.length;l++){let p=L(r(e[l]??0)),d=L(r(e[l+1]??0));s+=`${l===0?"M":"L"}${p} ${L(o(t[l]??0))}H${d}`,i=`L${d} ${L(o(n[l]??0))}H${p}${i}`}return s===""?"":`${s}${i}Z`}function L(e){return Math.round(e*10)/10}var Se=y`table{width:100%;border-collapse:collapse;font-size:14px;line-height:20px;font-variant-numeric:tabular-nums;}th{font-weight:400;font-size:12px;color:var(--cw-quiet);text-align:left;padding:0 8px 6px 0;}td{border-top:1px solid var(--cw-line);padding:9px 8px 9px 0;vertical-align:top;}.right{text-align:right;padding-right:0;padding-left:8px;white-space:nowrap;}td.who{overflow-wrap:anywhere;}td .icon{display:inline-block;vertical-align:-4px;margin-right:6px;color:var(--cw-accent);}.scroll{max-height:460px;overflow-y:auto;}.book svg{display:block;width:100%;height:auto;}.book text{font-family:inherit;font-size:11px;fill:var(--cw-quiet);}.bids{fill:none;stroke:var(--cw-grid);stroke-width:2.5;}.offers{fill:none;stroke:var(--cw-accent);stroke-width:2.5;stroke-dasharray:7 3;}`;function Re(e){let n=e.s.market.trades;return n.length===0?a`<p class="empty">${e.t("trades_none")}</p>`:a`<div class="scroll" tabindex="0" role="region" aria-label=${e.t("trades")}><table data-test="trades">
<thead>
<tr>
<th scope="col">${e.t("when")}</th>
<th scope="col">${e.t("who")}</th>
<th scope="col" class="right">${e.t("energy")}</th>
<th scope="col" class="right">${e.t("price")}</th>
</tr>
</thead>
<tbody>
${n.map(t=>{let r=I(e,t.partner),o=t.state==="final"?e.t("trade_agreed"):t.kind==="position"?"":V(e.t,"trade_kind",t.kind);return a`<tr>
<td class="num">${e.f.moment(t.start,e.s.now.at)}</td>
<td class="who">${w(t.direction==="sold"?"give":"take",18)}${e.t(`trade_${t.direction}`,{name:r})}
${o?a`<span class="chip">${o}</span>`:m}</td>
<td class="right">${g(e.f.energy(t.energy_wh))}</td>
<td class="right">${t.price_micro==null?"–":g(e.f.price(t.price_micro)).replace("/kWh","")}</td>
</tr>`})}
</tbody>
</table></div>`}function Te(e){let n=e.s.market.book;return!n||n.bids.length===0&&n.offers.length===0?a`<p class="empty">${e.t("book_none")}</p>`:a`<div class="book">
<p class="small quiet">${e.t("book_why",{time:e.f.time(n.start)})}</p>
${Mn(e,n)}
<p class="small quiet">━ ${e.t("book_bids")} · ┅ ${e.t("book_offers")}</p>
</div>`}function Mn(e,n){let t=e.narrow?344:560,[r,o,s,i]=[44,12,12,180],l=[...n.bids,...n.offers],p=l.map(([x])=>x),[d,c]=[Math.min(0,...p),Math.max(...p)*1.05],u=Math.max(...l.map(([,x])=>x)),h=M([0,u],[r,t-o]),f=M([d,c],[s+i,s]),C=x=>{let A=`M${r} ${L(f(x[0]?.[0]??0))}`;for(let[G,at]of x)A+=`V${L(f(G))}H${L(h(at))}`;return A};return a`<svg viewBox="0 0 ${t} ${s+i+24}" role="img" aria-label=${e.t("book_chart")}>
${et(d/1e6,c/1e6,4).map(x=>b`
<line x1=${r} x2=${t-o} y1=${f(x*1e6)} y2=${f(x*1e6)} stroke="var(--cw-line)"></line>
<text x=${r-6} y=${f(x*1e6)+4} text-anchor="end">${e.f.price(x*1e6).value}</text>`)}
${et(0,u/1e3,4).map(x=>b`
<text x=${h(x*1e3)} y=${s+i+18} text-anchor="middle">${e.f.number(x,x%1?1:0)}${x===0?" kWh":""}</text>`)}
${n.bids.length?b`<path class="bids" d=${C(n.bids)}></path>`:m}
${n.offers.length?b`<path class="offers" d=${C(n.offers)}></path>`:m}
</svg>`}var Ln=[30,60,120,240,720],En=60,Mt=1e3;function Pn(e,n,t,r){let o=Math.round(t*Mt),s=e.kind==="charger"||n==="discharge"?o:-o;return{value:n==="hold"||n==="pause"?0:Math.min(e.value_max,Math.max(e.value_min,s)),minutes:r}}function Me(e,n,t,r){return n.by_hand_until==null?On(e,n,t,r):qn(e,n,n.by_hand_until,t,r)}function qn(e,n,t,r,o){let s=e.f.moment(t,e.s.now.at);return a`<div class="byhand" data-test="by-hand">
<span class="grow">${e.t("by_hand_until",{time:s})}: ${Hn(e,n)}</span>
<button ?disabled=${o} @click=${()=>r.resume(n)} data-test="by-hand-end">${e.t("by_hand_resume")}</button>
</div>`}function Hn(e,n){let t=n.asked??n.in_force??0;return n.kind==="charger"?t===0?e.t("by_hand_paused"):e.t("by_hand_current",{current:`${e.f.number(t/Mt,0)} A`}):t===0?e.t("by_hand_still"):e.t(t>0?"by_hand_giving":"by_hand_charging",{power:g(e.f.power(t))})}function On(e,n,t,r){let o=n.kind==="charger",s=o?["charge","pause"]:["charge","discharge","hold"],i=Math.max(n.value_max,-n.value_min)/Mt,l=o?n.value_min/Mt:.1,p=d=>{d.preventDefault();let c=new FormData(d.target),u=c.get("way")??"hold";t.set(n,Pn(n,u,Number(c.get("amount")),Number(c.get("minutes"))))};return a`<details class="byhand-form">
<summary>${e.t("by_hand")}<span class="visually-hidden"> ${n.name}</span></summary>
<form @submit=${p} data-test="by-hand-form">
<div class="fields">
<label>${e.t("by_hand_what")}<select name="way">${s.map(d=>a`<option value=${d}>${e.t(`by_hand_${d}`)}</option>`)}</select></label>
<label>${e.t(o?"by_hand_amperes":"by_hand_kilowatts")}
<input name="amount" type="number" required inputmode="decimal" min=${l} max=${i} step=${o?1:"any"} value=${i} /></label>
<label>${e.t("by_hand_for")}<select name="minutes">${Ln.map(d=>a`<option value=${d} ?selected=${d===En}>${An(e,d)}</option>`)}</select></label>
</div>
<p class="small quiet">${e.t("by_hand_why")}</p>
<button ?disabled=${r} data-test="by-hand-set">${e.t("by_hand_set")}</button>
</form>
</details>`}function An(e,n){return n<60?e.t("minutes",{count:n}):e.t("hours",{count:n/60})}var Pe=y`.fields{display:grid;grid-template-columns:repeat(auto-fit, minmax(160px, 1fr));gap:12px;margin:12px 0;}.fields label{font-size:13px;color:var(--cw-quiet);display:grid;gap:4px;}.fields input,.fields select{font:inherit;font-size:16px;color:var(--cw-text);background:var(--cw-card);border:1px solid var(--cw-quiet);border-radius:8px;min-height:44px;padding:0 12px;min-width:0;}.arming-why{margin:8px 0 4px;}.armable>.device{display:flex;align-items:center;gap:12px;min-height:48px;padding:6px 0;}.peers{max-height:400px;overflow-y:auto;}.armable{border-top:1px solid var(--cw-line);padding-bottom:4px;}.armable:first-child{border-top:none;}.armable .grow{flex:1;min-width:0;}.armable .icon{color:var(--cw-quiet);}.armable form,.byhand-form{padding-left:36px;}.byhand-form form{padding:0 0 8px;}.byhand-form .fields{margin-top:0;}.byhand-form p{margin-bottom:10px;}.byhand{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;margin:0 0 8px 36px;padding:4px 4px 4px 14px;border-radius:10px;background:var(--cw-tint);font-size:14px;}:host([narrow]) .byhand-form,:host([narrow]) .byhand{margin-left:0;padding-left:0;}:host([narrow]) .byhand{padding-left:14px;}`;function Ft(e,n,t,r){let o=e.s.control??[];return a`<p class="small quiet arming-why">${e.t("arming_why")}</p>
${o.length===0?a`<p class="empty">${e.t("arming_none")}</p>`:a`<ul data-test="arming">
${o.map(s=>{let i=s.armed?s.until==null?e.t("armed"):e.t("armed_until",{time:`${e.f.date(s.until)} ${e.f.time(s.until)}`}):e.t("disarmed");return a`<li class="armable" data-device=${s.id}>
<div class="device">
${w(s.kind==="charger"?"car":"battery")}
<div class="grow">
<div>${s.name}</div>
<div class="small quiet">${i}${s.fault?a` · ${e.t("fault",{what:s.fault.replaceAll("_"," ")})}`:m}</div>
</div>
<button ?disabled=${t} aria-label="${e.t(s.armed?"disarm":"arm")} ${s.name}"
@click=${()=>n(s,!s.armed)}>${e.t(s.armed?"disarm":"arm")}</button>
</div>
${r&&s.armed?Me(e,s,r,t):m}
</li>`})}
</ul>`}`}function qe(e,n,t){let r=e.s.limits;if(!r||!e.act.knows("set_limits"))return jt(e);let o=`${e.s.home.currency}/kWh`,s=p=>p==null?"":String(p/1e6),i=p=>{p.preventDefault();let d=new FormData(p.target),c=u=>d.get(u)?Number(d.get(u)):null;n({buy_max:c("buy"),sell_min:c("sell"),keep_kwh:c("keep")??0})},l=(p,d,c,u)=>a`<label>${d}<input name=${p} type="number" step=${u} inputmode="decimal" placeholder=${e.t("limits_free")} .value=${c} /></label>`;return a`<p class="small quiet">${e.t("limits_auto")}</p>
<form @submit=${i} data-test="limits">
<div class="fields">
${l("buy",`${e.t("limits_buy")} (${o})`,s(r.buy_max_micro),"0.001")}
${l("sell",`${e.t("limits_sell")} (${o})`,s(r.sell_min_micro),"0.001")}
${l("keep",`${e.t("limits_keep")} (kWh)`,r.keep_wh?String(r.keep_wh/1e3):"","0.1")}
</div>
<button class="filled" ?disabled=${t}>${e.t("limits_save")}</button>
</form>`}function jt(e){let n=e.s.limits,t=(r,o)=>a`<li><span class="grow">${r}</span><span class="num">${o}</span></li>`;return a`<p class="small quiet">${e.t("limits_auto")}</p>
<ul class="rows" data-test="limits-shown">
${n?.buy_max_micro==null?m:t(e.t("limits_buy"),g(e.f.price(n.buy_max_micro)))}
${n?.sell_min_micro==null?m:t(e.t("limits_sell"),g(e.f.price(n.sell_min_micro)))}
${n?.keep_wh?t(e.t("limits_keep"),g(e.f.energy(n.keep_wh))):m}
${t(e.t("limits_gift"),g(e.f.energy(e.s.home.gift_wh_max_day)))}
</ul>`}function He(e,n,t){let r=e.s.now.power_shown??!1;return a`<div class="steer">
<span class="quiet">${e.t(r?"power_shown":"power_private")}</span>
<button ?disabled=${t} @click=${()=>n(!r)} data-test="show-power">${e.t(r?"power_hide":"power_show")}</button>
</div>`}function Oe(e){let{members:n,members_online:t}=e.s.now,r=[...e.s.peers??[]].sort((s,i)=>Ee(i)-Ee(s)),o=n==null?"–":e.t("peers_online",{online:t??"–",members:n});return a`<p class="small quiet">${o}</p>
${r.length===0?a`<p class="empty">${e.t("peers_none")}</p>`:a`<ul class="rows peers" tabindex="0" aria-label=${e.t("peers")} data-test="peers">${r.map(s=>zn(e,s))}</ul>`}`}function Ee(e){return(e.online===!1?2:0)+(e.faults?1:0)}function zn(e,n){let t=[n.transport,n.rtt_ms==null?null:`${n.rtt_ms} ms`,n.faults?e.t("peer_faults",{count:n.faults}):null,n.last_seen==null?null:e.f.moment(n.last_seen,e.s.now.at)].filter(r=>r!=null);return a`<li>
${w(n.online===!1?"offline":"home")}
<div class="grow"><div>${n.name}</div><div class="small quiet">${t.join(" · ")}</div></div>
</li>`}var Ae=y`:host{display:flex;flex-direction:column;height:100vh;height:100dvh;background:var(--primary-background-color, #fafafa);}header{flex:none;display:flex;align-items:center;gap:8px;min-height:56px;padding:0 12px;padding-top:env(safe-area-inset-top, 0px);color:var(--app-header-text-color, var(--cw-text));background:var(--app-header-background-color, var(--cw-card));border-bottom:1px solid var(--cw-line);}h1{font-size:20px;font-weight:400;line-height:56px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;min-width:0;margin-right:16px;}header>*{flex:none;}header>h1{flex:0 1 auto;}:host([narrow]) h1{margin-right:0;}:host([narrow]) header select{border-color:transparent;max-width:56vw;font-size:18px;text-overflow:ellipsis;}header>.fill{flex:1;}header button{color:inherit;}.gear{padding:0;border-radius:50%;}.tabs{display:flex;align-self:stretch;}.tabs button{border:none;border-radius:0;color:inherit;min-height:56px;padding:0 16px;font-weight:500;border-bottom:3px solid transparent;border-top:3px solid transparent;}.tabs button[aria-selected="true"]{border-bottom-color:currentColor;}.tabs button:focus-visible{outline-offset:-4px;outline-color:currentColor;}main{flex:1;min-height:0;overflow-y:auto;display:grid;grid-template-columns:repeat(6, minmax(0, 1fr));grid-auto-rows:min-content;align-content:start;gap:16px;padding:16px max(16px, calc((100% - 1320px) / 2)) 32px;}.wide,.notices{grid-column:1 / -1;}.notices:empty,.notices:not(:has(p)){display:none;}.main{grid-column:span 4;align-self:start;}.side{grid-column:span 2;display:grid;gap:16px;align-content:start;}section.side{display:block;}main.proof .main,main.proof .side,.half{grid-column:span 3;}main>.card.wide{padding:24px;}.card>button{margin-top:12px;}.notices{display:flex;flex-wrap:wrap;gap:8px;}.notice{display:inline-flex;align-items:center;gap:8px;font-size:14px;line-height:20px;padding:4px 12px;border-radius:14px;background:var(--cw-tint);}.notice.offline,.notice.bad{background:color-mix(in srgb, var(--warning-color, #ffa600) 22%, var(--cw-card));}.waiting{grid-column:1 / -1;}.alone{display:grid;justify-items:center;align-content:center;text-align:center;gap:12px;padding:56px 24px;}.alone p{max-width:46ch;line-height:22px;}.circle{width:112px;height:112px;border-radius:50%;background:var(--cw-accent);color:var(--cw-on-accent);display:grid;place-items:center;}.switch{display:inline-flex;}.switch button{border-radius:0;margin-left:-1px;font-size:13px;padding:0 14px;}.switch button:first-child{border-radius:22px 0 0 22px;}.switch button:last-child{border-radius:0 22px 22px 0;}.switch button[aria-pressed="true"]{color:var(--cw-text);background:var(--cw-tint);border-color:var(--cw-accent);z-index:1;}select{font:inherit;font-size:14px;color:inherit;background:transparent;border:1px solid currentColor;border-radius:8px;min-height:40px;max-width:38vw;padding:0 8px;}option{color:#212121;background:#fff;}:host([narrow]) main{grid-template-columns:minmax(0, 1fr);gap:12px;padding:12px 8px 24px;}:host([narrow]) main>*,:host([narrow]) main.proof>*{grid-column:1;}:host([narrow]) .card,:host([narrow]) main>.card.wide{padding:16px;}:host([narrow]) .tabs{flex:none;align-self:auto;justify-content:space-around;background:var(--cw-card);border-top:1px solid var(--cw-line);padding-bottom:env(safe-area-inset-bottom, 0px);}:host([narrow]) .tabs button{flex:1;flex-direction:column;gap:2px;padding:6px 0 4px;min-width:0;font-size:12px;color:var(--cw-quiet);border:none;}:host([narrow]) .tabs button[aria-selected="true"]{color:var(--cw-accent);background:none;}:host([narrow]) .tabs button .icon{padding:2px 14px;width:52px;height:28px;border-radius:14px;}:host([narrow]) .tabs button[aria-selected="true"] .icon{background:var(--cw-tint);}.stacked{margin:0 0 8px;font-size:14px;line-height:20px;}`;var Bt="commonwatt-home",B=["now","plan","market","proof","together"],T=class extends H{constructor(){super(...arguments);this.tab="now";this.listed=[];this.busy=!1;this.problem="";this.month=!1;this.resized=()=>this.phone=window.innerWidth<870;this.phone=window.innerWidth<870}static{this.styles=[z,D,Ae,mt,ct,wt,Se,ft,F,Pe]}connectedCallback(){super.connectedCallback(),this.show(localStorage.getItem(Bt)??void 0),window.addEventListener("resize",this.resized),this.resized()}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("resize",this.resized)}willUpdate(t){if(t.has("route")){let r=this.route?.path.split("/")[1];r&&[...B,"settings"].includes(r)&&(this.tab=r)}t.has("live")&&this.listed.length===0&&this.live.phase!=="connecting"&&this.list(),this.narrow=this.phone}async list(){this.listed=await this.hass.callWS({type:"commonwatt/homes"}).catch(()=>[]);let t=this.shownEntry;this.listed.length>0&&!this.listed.some(r=>r.entry_id===t)&&this.choose(void 0)}choose(t){t===void 0?localStorage.removeItem(Bt):localStorage.setItem(Bt,t),this.show(t)}render(){let t=this.maker.words(this.hass),r=this.context(),o=this.tab==="settings"&&r&&!r.s.home.admin?"now":this.tab;return a`
<header>
<ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
<h1 class=${this.narrow&&this.listed.length>1?"visually-hidden":""}>${t("title")}</h1>
${this.narrow?m:this.tabs(t,o)}
<span class="fill"></span>
${this.listed.length>1?this.chooser(t):m}
${r?.s.home.admin?a`<button class="plain gear" aria-label=${t("settings")} aria-pressed=${o==="settings"} @click=${()=>this.go("settings")}>${w("settings")}</button>`:m}
</header>
<main id="view" class=${o} role=${o==="settings"?"main":"tabpanel"} aria-label=${t(`tab_${o}`)} data-tab=${o}>
${r?a`${this.notices(r)}${this.view(r,o)}`:this.waiting(t)}
</main>
${this.narrow?this.tabs(t,o):m}
${r?a`<commonwatt-gift .context=${r} .dark=${this.dark}></commonwatt-gift>`:m}
`}tabs(t,r){return a`<nav class="tabs" role="tablist" aria-label=${t("tabs")} @keydown=${this.stepped}>
${B.map(o=>a`<button
role="tab"
id="tab-${o}"
aria-selected=${o===r}
tabindex=${o===r||r==="settings"&&o==="now"?0:-1}
aria-controls="view"
@click=${()=>this.go(o)}
>
${w(o,this.narrow?24:20)}<span>${t(`tab_${o}`)}</span>
</button>`)}
</nav>`}chooser(t){return a`<label class="choose"><span class="visually-hidden">${t("choose_home")}</span>
<select @change=${r=>this.choose(r.target.value)}>
${this.listed.map(r=>a`<option value=${r.entry_id} ?selected=${r.entry_id===this.shownEntry}>${r.title}</option>`)}
</select></label>`}waiting(t){return a`<div class="card waiting"><p>${t(this.live.phase==="missing"?"missing":"connecting")}</p></div>`}notices(t){let r=t.f.moment(t.s.now.at,Date.now()),o=t.s.home.kind==="demo";return a`<div class="notices">
${t.offline?a`<p class="notice offline" role="status" data-test="offline">${w("offline",20)}${t.t("offline",{time:r})}</p>`:m}
${o&&!t.offline?a`<p class="notice" data-test="demo">${t.t(t.s.now.running?"demo":"demo_stopped",{time:r})}</p>`:m}
${this.problem?a`<p class="notice bad" role="alert">${w("alert",20)}${this.problem}</p>`:m}
</div>`}view(t,r){switch(r){case"now":return this.now(t);case"plan":return this.plan(t);case"market":return this.market(t);case"proof":return this.proof(t);case"together":return this.together(t);case"settings":return this.settings(t)}}now(t){let r=(t.s.now.members??t.s.homes.length)<=1;return a`<section class="card wide">${Q(t)}</section>
${r?this.alone(t):a`
<section class="card main">
<div class="head"><h2>${t.t("map_title")}</h2><span class="small quiet num">${ut(t)}</span></div>
<commonwatt-map .context=${t} .dark=${this.dark} @home-chosen=${o=>O(this.gift,o.detail)}></commonwatt-map>
<p class="small quiet">${t.t("map_legend_live")}</p>
</section>`}
<div class="side">
${r?m:a`<section class="card"><div class="head"><h2>${t.t("flows")}</h2></div>${me(t)}
${t.s.home.may_act?a`<button @click=${()=>O(this.gift)} data-test="gift-open">${w("gift",20)}${t.t("gift")}</button>`:m}</section>`}
<section class="card"><div class="head"><h2>${t.t("my_home")}</h2></div>${ce(t)}</section>
</div>`}alone(t){let{standing:r}=t.s.now,o=r==="guest"||r==="removed"?r:r==="alone"?"alone":"first";return a`<section class="card main alone" data-test="alone">
<div class="circle">${w("home",48)}</div>
<h2>${t.t(o)}</h2>
<p class="quiet">${t.t(`${o}_why`)}</p>
</section>`}plan(t){let r=t.s.plan;return a`<section class="card wide">
<div class="head"><h2>${t.t("plan")}</h2>${r?a`<span class="small quiet">${t.t(`rung_${r.rung}`)}</span>`:m}</div>
${r?a`<commonwatt-plan-chart .context=${t} .dark=${this.dark}></commonwatt-plan-chart>`:a`<p class="empty">${t.t("plan_none")}</p>`}
</section>
<section class="card half"><div class="head"><h2>${t.t("plan_next")}</h2></div>${vt(t)}</section>
<section class="card half"><div class="head"><h2>${t.t("plan_driver")}</h2></div>
${fe(t,o=>this.armAll(t,o),this.busy)}
${t.s.control?Ft(t,(o,s)=>this.arm(t,[o],s),this.busy,this.handDeeds(t)):m}</section>`}market(t){let{phase:r}=t.s.now,o=t.s.market.days.some(s=>s[1]!=null);return a`<section class="card wide">${Q(t)}</section>
<section class="card main">
<div class="head"><h2>${t.t("market_price")}</h2><span class="small quiet">${t.t("market_day")}</span></div>
${o?a`<commonwatt-price-chart .context=${t} .dark=${this.dark}></commonwatt-price-chart>`:a`<p class="empty">${t.t("market_none")}</p>`}
<details><summary>${t.t("book")}</summary>${r?a`<p class="small quiet">${t.t(`phase_${r}`)}</p>`:m}${Te(t)}</details>
</section>
<div class="side">
<section class="card"><div class="head"><h2>${t.t("trades")}</h2><span class="small quiet">${t.t("saved_total",{amount:t.f.money(t.s.now.saved_nano_total)})}</span></div>${Re(t)}</section>
<section class="card"><div class="head"><h2>${t.t("limits")}</h2></div>${jt(t)}</section>
</div>`}proof(t){let r=o=>()=>this.month=o;return a`<section class="card main">
<div class="head"><h2>${t.t("proof_title")}</h2>
<div class="switch" role="group" aria-label=${t.t("proof_title")}>
<button aria-pressed=${!this.month} @click=${r(!1)}>${t.t("proof_today")}</button>
<button aria-pressed=${this.month} @click=${r(!0)}>${t.t("proof_month")}</button>
</div></div>
${gt(t,this.month?t.s.proof.month:t.s.proof.day)}
${this.month?m:bt(t)}
</section>
<section class="card side">
<div class="head"><h2>${t.t("certificates")}</h2>
${t.s.proof.certificates.length?a`<button class="plain" @click=${()=>ke(t)} data-test="export">${w("download",20)}${t.t("export")}</button>`:m}</div>
<p class="small quiet">${t.t("certificates_why")}</p>
<commonwatt-certificates .context=${t} .dark=${this.dark}></commonwatt-certificates>
</section>`}together(t){let r=(o,s,i="half")=>a`<section class="card ${i}"><div class="head"><h2>${o}</h2></div>${s}</section>`;return a`${r(t.t("score"),xt(t))}
${r(t.t("missions"),be(t))}
${r(t.t("votes"),$t(t,(o,s)=>this.vote(t,o,s),this.busy))}
${r(t.t("gifts"),a`${yt(t,o=>this.thank(t,o))}
${t.s.home.may_act&&t.s.homes.length>1?a`<button @click=${()=>O(this.gift)}>${w("gift",20)}${t.t("gift")}</button>`:m}`)}
${r(t.t("requests"),a`${ve(t,this.helpDeeds(t),this.busy)}
${xe(t,o=>this.run(t,()=>t.act.withdraw(o)),this.busy)}
${t.s.pool&&t.s.home.may_act&&t.s.homes.length>1?a`<button @click=${()=>O(this.gift,"pool")} data-test="pool-open">${t.t("pool_give")}</button>`:m}`)}
${r(t.s.leaderboard?.league??t.t("leaderboard"),we(t,o=>this.run(t,()=>t.act.showScore(o)),this.busy))}
${r(t.t("badges"),ge(t),"wide")}`}settings(t){return a`
<section class="card half"><div class="head"><h2>${t.t("limits")}</h2></div>${qe(t,r=>this.run(t,()=>t.act.setLimits(r)),this.busy)}</section>
<section class="card half"><div class="head"><h2>${t.t("arming")}</h2></div>${Ft(t,(r,o)=>this.arm(t,[r],o),this.busy)}</section>
<section class="card half"><div class="head"><h2>${t.t("privacy")}</h2></div><p class="stacked">${t.t("privacy_why")}</p>
${He(t,r=>this.run(t,()=>t.act.showPower(r)),this.busy)}
${t.s.home.kind==="demo"?a`<p class="small quiet stacked">${t.t("privacy_demo")}</p>`:m}</section>
<section class="card half"><div class="head"><h2>${t.t("peers")}</h2></div>${Oe(t)}</section>
<section class="card wide"><div class="head"><h2>${t.t("dashboard")}</h2></div><p>${t.t("dashboard_why")}</p></section>`}go(t){this.tab=t,this.problem="",history.replaceState(null,"",`/neighbourhood/${t}`),this.renderRoot.querySelector("main")?.scrollTo?.(0,0)}stepped(t){let r={ArrowLeft:-1,ArrowRight:1}[t.key];if(r===void 0)return;t.preventDefault();let o=Math.max(0,B.indexOf(this.tab)),s=B[(o+r+B.length)%B.length]??"now";this.go(s),this.updateComplete.then(()=>this.renderRoot.querySelector(`#tab-${s}`)?.focus())}async run(t,r){this.busy=!0,this.problem="";try{await r()}catch(o){this.problem=lt(t.t,o)}finally{this.busy=!1}}vote(t,r,o){return this.run(t,()=>t.act.vote(r.id,o))}arm(t,r,o){return this.run(t,()=>t.act.arm(r.map(s=>s.id),o))}armAll(t,r){let o=(t.s.control??[]).filter(s=>s.armed!==r);return this.arm(t,o,r)}handDeeds(t){return{set:(r,{value:o,minutes:s})=>{this.run(t,()=>t.act.setByHand(r.id,o,s))},resume:r=>{this.run(t,()=>t.act.resume(r.id))}}}helpDeeds(t){return{help:r=>{r.party&&O(this.gift,r.party)},ask:r=>{this.run(t,()=>t.act.askForHelp(r))},end:r=>{this.run(t,()=>t.act.endRequest(r.number))}}}thank(t,r){let o=t.s.homes.find(s=>s.id===r.giver);o&&this.run(t,()=>t.act.thank(o.name,r.id))}};v([S({attribute:!1})],T.prototype,"route",2),v([S({attribute:!1})],T.prototype,"panel",2),v([k()],T.prototype,"tab",2),v([k()],T.prototype,"listed",2),v([k()],T.prototype,"busy",2),v([k()],T.prototype,"problem",2),v([k()],T.prototype,"month",2),v([X("commonwatt-gift")],T.prototype,"gift",2),v([k()],T.prototype,"phone",2);var ze=[.7,.585,.47],Dn=.75,In=.2,Wn=7*Math.PI/180,Et=class{constructor(n,t,r,o=[]){this.frame=n;this.me=r;this.partners=o;this.angles=new Map;this.busy=ze.map(()=>[]);this.center={x:n.width/2,y:n.height/2},this.rx=n.width/2-n.node-n.marginX,this.ry=n.height/2-n.node-n.marginY,t.forEach((l,p)=>this.angles.set(l,p/t.length*2*Math.PI-Math.PI/2));let s=o.map(l=>Math.sin(this.angles.get(l)??0)),i=l=>s.filter(p=>(l?p:-p)>Dn).length;this.isMiddleUpper=i(!0)>i(!1)}isUpper(n){return n===this.me?this.isMiddleUpper:Math.sin(this.angles.get(n)??0)<-.25}place(n){return n===this.me?this.center:this.on(this.angles.get(n)??0,1)}route(n,t){return n===this.me||t===this.me?this.spoke(n,t):this.track(n,t)}on(n,t){return{x:this.center.x+this.rx*t*Math.cos(n),y:this.center.y+this.ry*t*Math.sin(n)}}spoke(n,t){let r=this.place(n),o=this.place(t),s=(n===this.me?1.35:1)*this.frame.node+5,i=(t===this.me?1.35:1)*this.frame.node+11,l=Lt(r,o,s),p=Lt(o,r,i),d=n===this.me?1:-1,c=[.56,.44,.68,.32,.8].map(u=>De(l,p,d>0?u:1-u));return{path:`M${E(l)}L${E(p)}`,labels:c}}track(n,t){let[r,o]=[this.angles.get(n)??0,this.angles.get(t)??0],s=Nn(o-r),i=s<0?-1:1,l=Dt=>this.partners.includes(Dt)?Math.min(In,Math.abs(s)/4)*i:0,p=r+l(n),d=r+s-l(t),c=d-p,u=this.laneFor(p,c),h=ze[u]??.6,f=Math.min(Wn,Math.abs(c)/3)*i,C=(h+1)/2-h,x=this.on(p,h+C*.35),A=this.on(d,h+C*.35),G=Lt(this.on(r,1),x,this.frame.node+4),at=Lt(this.on(o,1),A,this.frame.node+10),Ze=this.on(p+f,h),tn=this.on(d-f,h),en=i>0?1:0,nn=`A${qt(this.rx*h)} ${qt(this.ry*h)} 0 0 ${en} ${E(tn)}`,rn=p===r?`L${E(x)}`:"",on=d===r+s?`${E(A)}L${E(at)}`:E(at),sn=`M${E(G)}${rn}Q${E(this.on(p,h))} ${E(Ze)}${nn}Q${E(this.on(d,h))} ${on}`,an=[.5,.36,.64,.22,.78].map(Dt=>this.on(p+c*Dt,h));return{path:sn,labels:an}}laneFor(n,t){let r=Math.min(n,n+t),o=[r,r+Math.abs(t)],s=this.busy.findIndex(i=>!i.some(l=>Gn(o,l)));return s<0&&(s=this.busy.reduce((i,l,p)=>l.length<(this.busy[i]?.length??0)?p:i,0)),this.busy[s]?.push(o),s}},Pt=class{constructor(){this.taken=[]}block(n,t,r){this.taken.push([n.x-t,n.y-r,n.x+t,n.y+r])}find(n,t,r){let o=n.find(({x:s,y:i})=>this.taken.every(([l,p,d,c])=>s+t<=l||s-t>=d||i+r<=p||i-r>=c));return o&&this.block(o,t,r),o}};function Lt(e,n,t){let r=Math.hypot(n.x-e.x,n.y-e.y)||1;return De(e,n,t/r)}function De(e,n,t){return{x:e.x+(n.x-e.x)*t,y:e.y+(n.y-e.y)*t}}function Nn(e){return((e+Math.PI)%(2*Math.PI)+2*Math.PI)%(2*Math.PI)-Math.PI}function Gn(e,n){return[-2*Math.PI,0,2*Math.PI].some(t=>e[0]+t<n[1]&&n[0]<e[1]+t)}function qt(e){return Math.round(e*10)/10}function E({x:e,y:n}){return`${qt(e)} ${qt(n)}`}var rt="rest";function Ie(e,n,t){let r=e.find(u=>u.me),o=e.filter(u=>!u.me),s=o.length<=t.homes?o:Un(o,n,r?.id,t.homes-1),i=new Set([...s.map(u=>u.id),...r?[r.id]:[]]),l=o.length-s.length,{arrows:p,folded:d}=Vn(n,i,r?.id),c=p.slice(0,t.arrows);return{me:r,ring:s,restCount:l,arrows:c,hiddenArrows:p.length-c.length+d}}function Un(e,n,t,r){let o=new Map;for(let[l,p,d]of n){let c=l===t||p===t;for(let u of[l,p])o.set(u,(o.get(u)??0)+d*(c?1e6:1))}let s=[...e].sort((l,p)=>(o.get(p.id)??0)-(o.get(l.id)??0)),i=new Set(s.slice(0,r).map(l=>l.id));return e.filter(l=>i.has(l.id))}function Vn(e,n,t){let r=new Map,o=0;for(let[i,l,p]of e){let d=[i,l].map(h=>n.has(h)?h:rt);if(d[0]===d[1]){o++;continue}let c=d.join(">"),u=r.get(c);u?u.energyWh+=p:r.set(c,{from:d[0],to:d[1],energyWh:p,mine:d.includes(t??"")})}return{arrows:[...r.values()].sort((i,l)=>Number(l.mine)-Number(i.mine)||l.energyWh-i.energyWh),folded:o}}var Fn={width:760,height:520,node:24,marginX:78,marginY:38},jn={width:328,height:460,node:22,marginX:20,marginY:44},Bn=4,We={wide:20,narrow:11},Ht=14,K=class extends U{constructor(){super(...arguments);this.dark=!1}static{this.styles=[z,D,y`:host{display:block;}svg{display:block;width:100%;height:auto;overflow:visible;}text{font-family:inherit;fill:var(--cw-text);text-anchor:middle;}.home text{paint-order:stroke;stroke:var(--cw-card);stroke-width:4px;stroke-linejoin:round;}.name{font-size:12px;}.live{font-size:11px;fill:var(--cw-quiet);font-variant-numeric:tabular-nums;}.flow{fill:none;stroke:var(--cw-quiet);stroke-opacity:0.45;stroke-linecap:butt;}.flow.mine{stroke:var(--cw-accent);stroke-opacity:1;}.head{fill:var(--cw-quiet);}.head.mine{fill:var(--cw-accent);}.amount rect{fill:var(--cw-card);stroke:var(--cw-line);}.amount text{font-size:11px;font-variant-numeric:tabular-nums;fill:var(--cw-quiet);}.amount.mine rect{stroke:var(--cw-accent);}.amount.mine text{fill:var(--cw-text);font-weight:500;}.home circle{fill:var(--cw-card);stroke:var(--cw-line);stroke-width:1.5;}.home path{fill:var(--cw-quiet);}.home.trades circle{stroke:var(--cw-accent);stroke-width:2;}.home.me circle{fill:var(--cw-accent);stroke:none;}.home.me path{fill:var(--cw-on-accent);}.home.offline{opacity:0.5;}.home[data-home]{cursor:pointer;}.home g:focus{outline:none;}.home g:focus-visible circle{stroke:var(--cw-accent);stroke-width:4;}.home[data-home]:hover circle{stroke:var(--cw-accent);}`]}render(){let t=this.context;if(!t)return m;let r=t.narrow?jn:Fn,o=t.narrow?{homes:9,arrows:9}:{homes:15,arrows:14},s=Ie(t.s.homes,t.s.flows?.links??[],o),i=[...s.ring.map(d=>d.id),...s.restCount>0?[rt]:[]],l=s.arrows.filter(d=>d.mine).map(({from:d,to:c})=>d===s.me?.id?c:d),p=new Et(r,i,s.me?.id,l);return a`<svg
viewBox="0 0 ${r.width} ${r.height}"
role="group"
aria-label=${t.t("map")}
data-test="map"
>
${this.flows(t,s,p,r,i)} ${this.homes(t,s,p,r)}
</svg>`}flows(t,r,o,s,i){let l=Math.max(1,...r.arrows.map(f=>f.energyWh)),p=new Pt;for(let f of[...i,r.me?.id??""]){let C=o.place(f),x=o.isUpper(f)?-14:14;p.block({x:C.x,y:C.y+x},s.node+16,s.node+18)}let d=r.arrows.map(f=>({arrow:f,route:o.route(f.from,f.to)})),c=d.map(({arrow:f,route:C})=>{let x=1.5+4.5*Math.sqrt(f.energyWh/l);return b`<path class="flow ${f.mine?"mine":""}" d=${C.path} stroke-width=${x}
marker-end="url(#${f.mine?"mine":"other"})"></path>`}),u=d.map(({arrow:f,route:C})=>{let x=g(t.f.power(f.energyWh*Bn)),A=x.length*3.2+6,G=p.find(C.labels,A,10);return G?this.amount(f,G,x,A):b``}),h=f=>b`<marker id=${f} viewBox="0 0 10 10" refX="3" refY="5" markerWidth="13"
markerHeight="13" markerUnits="userSpaceOnUse" orient="auto"><path class="head ${f}" d="M0 0L10 5L0 10z"></path></marker>`;return[b`<defs>${h("mine")}${h("other")}</defs>`,...[...c].reverse(),...u]}amount(t,r,o,s){return b`<g class="amount ${t.mine?"mine":""}" aria-hidden="true">
<rect x=${r.x-s} y=${r.y-9} width=${2*s} height="18" rx="9"></rect>
<text x=${r.x} y=${r.y+4}>${o}</text></g>`}homes(t,r,o,s){let i=new Set(r.arrows.filter(d=>d.mine).flatMap(d=>[d.from,d.to])),l=(d,c)=>this.home(t,d,o.place(d.id),{frame:s,trades:c,above:o.isUpper(d.id)}),p=r.ring.map(d=>l(d,i.has(d.id)));return r.me&&p.push(l(r.me,!1)),r.restCount>0&&p.push(this.rest(t,r.restCount,o.place(rt),s,o.isUpper(rt))),p}home(t,r,o,s){let i=r.me?s.frame.node*1.35:s.frame.node,l=t.t("home_label",{name:r.me?t.t("you"):r.name,what:Kn(t,r)}),p=["home",r.me?"me":"",s.trades?"trades":"",r.online===!1?"offline":""],d=()=>this.open(r.id),u=[...(r.me?[t.t("you")]:Xn(r.name,t.narrow?We.narrow:We.wide)).map(f=>({text:f,kind:"name"})),...r.power_w==null?[]:[{text:Yn(t,r.power_w),kind:"live"}]],h=s.above?o.y-i-8-(u.length-1)*Ht:o.y+i+Ht;return b`<g class=${p.join(" ")} data-home=${r.id} @click=${d}>
<g role="button" tabindex="0" aria-label=${l} @keydown=${f=>this.pressed(f,d)}>
<circle cx=${o.x} cy=${o.y} r=${i}></circle>
${It(oe(r.kind),o.x,o.y,i)}
</g>
${u.map(({text:f,kind:C},x)=>b`<text class=${C} aria-hidden="true" x=${o.x} y=${h+x*Ht}>${f}</text>`)}
</g>`}rest(t,r,o,s,i){let l=i?o.y-s.node-8:o.y+s.node+Ht;return b`<g class="home" role="img" aria-label=${t.t("rest_label",{count:r})} data-test="rest">
<circle cx=${o.x} cy=${o.y} r=${s.node} stroke-dasharray="4 3"></circle>
${It(re.rest,o.x,o.y,s.node)}
<text class="name" x=${o.x} y=${l}>${t.t("rest_homes",{count:r})}</text></g>`}pressed(t,r){t.key!=="Enter"&&t.key!==" "||(t.preventDefault(),r())}open(t){this.dispatchEvent(new CustomEvent("home-chosen",{detail:t,bubbles:!0,composed:!0}))}};v([S({attribute:!1})],K.prototype,"context",2),v([S({type:Boolean,reflect:!0})],K.prototype,"dark",2);function Kn(e,n){return n.online===!1?e.t("home_offline"):n.power_w==null?e.t("home_private"):n.power_w===0?e.t("home_idle"):e.t(n.power_w>0?"home_takes":"home_gives",{power:g(e.f.power(n.power_w))})}function Yn(e,n){return(n>0?"▼ ":n<0?"▲ ":"")+g(e.f.power(n))}function Xn(e,n){if(e.length<=n)return[e];let t=e.lastIndexOf(" ",n);return t<=0?[Ne(e,n)]:[e.slice(0,t),Ne(e.slice(t+1),n)]}function Ne(e,n){return e.length<=n?e:`${e.slice(0,n-1).trimEnd()}…`}function Ue(e){let n=e.boundaries.length-1,t=s=>Array.from({length:n},(i,l)=>s(l)),r=[Ot("solar","solar",!0,t(s=>Math.max(0,(e.solar_w[s]??0)-(e.curtailed_w[s]??0)))),...e.assets.map(s=>Ge(s,!0)),Ot("grid_in","grid_in",!0,t(s=>Math.max(0,-(e.net_w[s]??0))))],o=[Ot("load","load",!1,t(s=>Math.max(0,e.load_w[s]??0))),...e.assets.map(s=>Ge(s,!1)),Ot("grid_out","grid_out",!1,t(s=>Math.max(0,e.net_w[s]??0)))];return[...r,...o].filter(s=>s.watts.some(i=>i>=10))}function Ot(e,n,t,r){return{key:e,name:"",tone:n,up:t,watts:r}}function Ge(e,n){let t=e.stored_wh.length>0?n?"out":"in":"appliance",r=e.power_w.map(o=>Math.max(0,n?o:-o));return{key:`${e.id}_${n?"out":"in"}`,name:e.name,tone:t,up:n,watts:r}}function Ve(e){let n=new Map;return e.map(t=>{let r=t.up?1:-1,o=n.get(t.up)??t.watts.map(()=>0),s=t.watts.map((i,l)=>(o[l]??0)+r*i);return n.set(t.up,s),{...t,low:o,high:s}})}function Fe(e){let n=e.flatMap(t=>t.high);return[Math.min(-500,...n),Math.max(500,...n)]}var _=44,q=10,Qn=y`:host{display:block;}svg{display:block;width:100%;height:auto;touch-action:pan-y;border-radius:4px;}text{font-family:inherit;font-size:11px;fill:var(--cw-quiet);font-variant-numeric:tabular-nums;}.end{text-anchor:end;}.middle{text-anchor:middle;}.rule{stroke:var(--cw-line);stroke-width:1;}.cursor{stroke:var(--cw-text);stroke-width:1.5;stroke-dasharray:3 3;}.readout{min-height:20px;margin-bottom:8px;font-size:13px;line-height:20px;color:var(--cw-quiet);font-variant-numeric:tabular-nums;}.readout b{color:var(--cw-text);font-weight:500;}`,P=class extends U{constructor(){super(...arguments);this.dark=!1;this.page=4;this.left=()=>this.cursor=void 0;this.pressed=t=>{let{sheet:r}=this;if(!r)return;let o=r.bounds.length-2,i={ArrowLeft:-1,ArrowRight:1,PageDown:this.page,PageUp:-this.page,Home:-o,End:o}[t.key];i!==void 0&&(t.preventDefault(),this.cursor=Math.min(o,Math.max(0,(this.cursor??r.resting)+i)))};this.pointed=t=>{let{sheet:r}=this;if(!r)return;let o=t.currentTarget.getBoundingClientRect(),s=(t.clientX-o.left)/o.width*r.width,i=M([_,r.width-q],[r.start,r.end])(s),l=i>=Math.max(r.start,r.bounds[0]??0)&&i<r.end;this.cursor=l?Tt(r.bounds,i):void 0}}static{this.shared=[z,D,Qn]}framed(t,r,o,s){this.sheet=o;let i=o.bounds.length-2,l=Math.min(i,this.cursor??o.resting),p=t.f.moment(o.bounds[l]??0,t.s.now.at),d=this.words(t,l);return a`<div class="readout" aria-live=${this.cursor===void 0?"off":"polite"} data-test="readout"><b>${p}</b> ${d.join(" · ")}</div>
<svg
viewBox="0 0 ${o.width} ${o.height}"
role="slider"
tabindex="0"
aria-label=${r}
aria-valuemin="0"
aria-valuemax=${i}
aria-valuenow=${l}
aria-valuetext="${p}: ${d.join(", ")}"
@keydown=${this.pressed}
@pointermove=${this.pointed}
@pointerleave=${this.left}
@blur=${this.left}
>
${s}
</svg>`}rules(t,[r,o],s,i,l){return et(r,o,s).map(p=>b`<line class="rule ${p===0?"zero":""}" x1=${_} x2=${i.width-q} y1=${t(p)} y2=${t(p)}></line>
<text class="end" x=${_-6} y=${t(p)+4}>${l(p)}</text>`)}hours(t,r,o,s){let i=W(r),l=24*(r.end-r.start)/(r.width-_-q);return Ce(r.start+l,r.end-l,s,p=>t.f.hour(p)).map(p=>b`<text class="middle" x=${i(p)} y=${o}>${t.f.hour(p)===0?t.f.day(p):t.f.time(p)}</text>`)}pointer(t,r,o){let s=t.bounds[this.cursor??-1],i=t.bounds[(this.cursor??-1)+1];if(s===void 0||i===void 0)return m;let l=W(t)((s+i)/2);return b`<line class="cursor" x1=${l} x2=${l} y1=${r} y2=${o}></line>`}};v([S({attribute:!1})],P.prototype,"context",2),v([S({type:Boolean,reflect:!0})],P.prototype,"dark",2),v([k()],P.prototype,"cursor",2);function W(e){return M([e.start,e.end],[_,e.width-q])}var Jn=36e5,N={top:8,height:210},Y=54,Kt=26,ot=class extends P{constructor(){super(...arguments);this.hoursShown=48;this.page=8;this.layers=[]}static{this.styles=[...P.shared,y`.zero{stroke:var(--cw-quiet);stroke-width:1;}.now{stroke:var(--cw-text);stroke-width:1.5;}.nowtext{fill:var(--cw-text);font-weight:500;}.soc{fill:none;stroke:var(--cw-battery-out);stroke-width:2;}.socfill{fill:var(--cw-battery-out);fill-opacity:0.15;}.price{fill:none;stroke:var(--cw-text);stroke-width:1.75;}.title{font-weight:500;fill:var(--cw-text);}.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:12px;font-size:13px;line-height:20px;}.legend span{display:inline-flex;align-items:center;gap:6px;}.dot{width:10px;height:10px;border-radius:3px;flex:none;}`]}render(){let t=this.context,r=t?.s.plan;if(!t||!r||r.boundaries.length<2)return m;r!==this.drawnPlan&&(this.drawnPlan=r,this.layers=Ve(Ue(r)));let o=r.assets.filter(h=>h.kind==="battery"&&h.capacity_wh),s=N.top+N.height+Kt+14,i=s+(o.length>0?Y+Kt+6:0),l=r.price_micro.some(h=>h!=null),p=r.boundaries[0]??0,d={width:t.narrow?344:1e3,height:(l?i+Y:i-Kt)+8,bounds:r.boundaries,start:p,end:Math.min(r.boundaries.at(-1)??0,p+this.hoursShown*Jn),resting:Tt(r.boundaries,t.s.now.at)},c=W(d),u=b`
<defs><clipPath id="frame"><rect x=${_} y="0" width=${d.width-_-q} height=${d.height}></rect></clipPath></defs>
${this.stack(t,r,c,d)}
${o.length>0?this.stored(t,r,o,c,s,d.width):m}
${l?this.prices(t,r,c,i,d.width):m}
${this.now(t,c,d)}${this.pointer(d,0,d.height-8)}`;return a`${this.framed(t,t.t("plan_chart"),d,u)}
<div class="legend">${this.layers.map(h=>a`<span><span class="dot" style="background:${this.tone(h)}"></span>${h.up?"▲":"▼"} ${je(t,h)}</span>`)}</div>`}stack(t,r,o,s){let[i,l]=Fe(this.layers),p=N.top+N.height,d=M([i,l],[p,N.top]),c=h=>t.f.number(Math.abs(h)/1e3,h%1e3?1:0),u=this.layers.map(h=>b`<path clip-path="url(#frame)" fill=${this.tone(h)} d=${Vt(r.boundaries,h.low,h.high,o,d)}></path>`);return[b`<text x="0" y=${N.top+4}>kW</text>`,...this.rules(d,[i,l],5,s,c),...u,...this.hours(t,s,p+16,t.narrow?12:6)]}stored(t,r,o,s,i,l){let p=M([0,1],[i+Y,i]),d=o.reduce((u,h)=>u+(h.capacity_wh??0),0)||1,c=r.net_w.map((u,h)=>o.reduce((f,C)=>f+(C.stored_wh[h]??0),0)/d);return[this.strip(t.t("plan_stored"),i,l),...[0,1].map(u=>b`<text class="end" x=${_-6} y=${p(u)+4}>${t.f.percent(u*1e6)}</text>`),b`<path class="socfill" clip-path="url(#frame)" d=${Vt(r.boundaries,c.map(()=>0),c,s,p)}></path>
<path class="soc" clip-path="url(#frame)" d=${nt(r.boundaries,c,s,p)}></path>`]}prices(t,r,o,s,i){let l=r.price_micro.filter(f=>f!=null),p=Math.max(...l)*1.1||1,d=M([Math.min(0,...l),p],[s+Y,s]),c=t.f.price(l[0]),h=l.every(f=>f===l[0])?l.slice(0,1):[Math.min(...l),Math.max(...l)];return[this.strip(`${t.t("plan_price")} (${c.unit})`,s,i),...h.map(f=>b`<text class="end" x=${_-6} y=${d(f)+4}>${t.f.price(f).value}</text>`),b`<path class="price" clip-path="url(#frame)" d=${nt(r.boundaries,r.price_micro,o,d)}></path>`]}strip(t,r,o){return b`<text class="title" x=${_+8} y=${r-6}>${t}</text>
<line class="rule" x1=${_} x2=${o-q} y1=${r+Y} y2=${r+Y}></line>`}now(t,r,o){let s=r(Math.max(t.s.now.at,o.start));return b`<line class="now" x1=${s} x2=${s} y1="0" y2=${o.height-8}></line>
<text class="nowtext" x=${s+5} y=${N.top+4}>${t.t("plan_now")}</text>`}tone(t){let r=this.layers.filter(o=>o.tone==="appliance").map(o=>o.key);return tr(t,r.indexOf(t.key))}words(t,r){return this.layers.filter(o=>(o.watts[r]??0)>=10).map(o=>`${o.up?"▲":"▼"} ${je(t,o)} ${g(t.f.power(o.watts[r]))}`)}};v([S({type:Number})],ot.prototype,"hoursShown",2);function je(e,n){switch(n.tone){case"in":return e.t("series_in",{name:n.name});case"out":return e.t("series_out",{name:n.name});case"appliance":return n.name;default:return e.t(`series_${n.tone}`)}}var Zn={solar:"var(--cw-solar)",load:"color-mix(in srgb, var(--cw-quiet) 55%, var(--cw-card))",grid_in:"var(--cw-grid)",grid_out:"var(--cw-grid-out)",in:"var(--cw-battery-in)",out:"var(--cw-battery-out)"},Be=["#8d6e63","#607d8b","#bcaaa4","#455a64"];function tr(e,n){let t=Zn[e.tone];return t&&!/charger|car/.test(e.key)?t:t?e.tone==="in"?"#26a69a":"#80cbc4":Be[n%Be.length]??"#8d6e63"}var it=9e5,er=96*it,st=12,Yt=190,Xt=56,At=class extends P{constructor(){super(...arguments);this.rows=[]}static{this.styles=[...P.shared,y`.between{fill:var(--cw-tint);}.grid{stroke:var(--cw-quiet);stroke-dasharray:5 4;}.price{fill:none;stroke:var(--cw-accent);stroke-width:2.5;}.bought{fill:var(--cw-grid);}.sold{fill:var(--cw-accent);}`]}render(){let t=this.context;if(this.rows=nr(t?.s.market.days??[]),!t||!this.rows.some(i=>i[1]!=null))return m;let r=(this.rows.at(-1)?.[0]??0)+it,o={width:t.narrow?344:720,height:st+Yt+Xt+44,bounds:[...this.rows.map(i=>i[0]),r],start:r-er,end:r,resting:this.rows.length-1},s=b`${this.prices(t,o)}
${this.hours(t,o,o.height-4,t.narrow?6:3)}
${this.energies(W(o),st+Yt+14+Xt/2,o.width)}
${this.pointer(o,st,o.height-18)}`;return a`${this.framed(t,t.t("market_chart"),o,s)}
<div class="small quiet">▲ ${t.t("market_sold")} · ▼ ${t.t("market_bought")}</div>`}prices(t,r){let{import_micro:o,feed_in_micro:s}=t.s.now,i=[...this.rows.map(u=>u[1]),o,s].filter(u=>u!=null),[l,p]=[Math.min(0,...i),Math.max(...i)*1.08],d=M([l,p],[st+Yt,st]),c=u=>d(u*1e6);return b`
${o==null||s==null?m:b`<rect class="between" x=${_} width=${r.width-_-q} y=${d(o)} height=${Math.max(0,d(s)-d(o))}></rect>`}
${this.rules(c,[l/1e6,p/1e6],5,r,u=>t.f.price(u*1e6).value)}
${[["market_import",o,-6],["market_feed_in",s,15]].map(([u,h,f])=>h==null?m:b`
<line class="grid" x1=${_} x2=${r.width-q} y1=${d(h)} y2=${d(h)}></line>
<text x=${_+6} y=${d(h)+f}>${t.t(u)} ${g(t.f.price(h))}</text>`)}
<path class="price" d=${nt(r.bounds,this.rows.map(u=>u[1]),W(r),d)}></path>`}energies(t,r,o){let s=Math.max(1,...this.rows.flatMap(p=>[p[2]??0,p[3]??0])),i=p=>p/s*(Xt/2),l=Math.max(1,t(it)-t(0)-1);return b`<line class="rule" x1=${_} x2=${o-q} y1=${r} y2=${r}></line>
${this.rows.map(([p,,d,c])=>b`
${c?b`<rect class="sold" x=${t(p)} width=${l} y=${r-i(c)} height=${i(c)}></rect>`:m}
${d?b`<rect class="bought" x=${t(p)} width=${l} y=${r} height=${i(d)}></rect>`:m}`)}`}words(t,r){let[,o,s,i]=this.rows[r]??[];return[o==null?t.t("no_trade"):g(t.f.price(o)),...i?[`▲ ${g(t.f.energy(i))} ${t.t("market_sold")}`]:[],...s?[`▼ ${g(t.f.energy(s))} ${t.t("market_bought")}`]:[]]}};function nr(e){let n=new Map(e.map(s=>[s[0],s])),[t,r]=[e[0]?.[0]??0,e.at(-1)?.[0]??-it],o=[];for(let s=t;s<=r;s+=it)o.push(n.get(s)??[s,null,null,null,null]);return o}var zt="commonwatt",Ke=`ll-strategy-dashboard-${zt}`,rr=["clearing_price","neighbour_power","saved_today","local_share","self_sufficiency","members_online"];function or(e,n,t){let r=t===void 0?{}:{entry_id:t},o=(d,c={})=>({type:`custom:commonwatt-${d}-card`,...r,...c}),s={grid_options:{columns:"full"}},i=(d,c=1)=>({type:"grid",column_span:c,cards:d}),l=rr.flatMap(d=>n.filter(c=>c.translation_key===d).map(({entity_id:c})=>({type:"tile",entity:c,name:{type:"entity"}}))),p=(d,c,u,h)=>({type:"sections",path:d,title:c,icon:u,max_columns:3,sections:h});return{title:e("title"),views:[p("now",e("tab_now"),"mdi:home-group",[i([o("status",s)],3),i([o("map",s)],2),i([o("gift",s),...l])]),p("plan",e("tab_plan"),"mdi:chart-timeline-variant",[i([o("plan",{...s,hours:48,show_actions:!0})],3)]),p("market",e("tab_market"),"mdi:scale-balance",[i([o("market",s)],2),i([o("origin",s)])]),p("together",e("tab_together"),"mdi:account-group",[i([o("score",s)],2),i([o("votes",s)])])]}}var Qt=class extends HTMLElement{static{this.noEditor=!0}static async generate(n,t){let r=await t.callWS({type:"commonwatt/homes"}).catch(()=>[]),o=n.entry_id??r[0]?.entry_id,s=l=>l!==void 0&&o!==void 0&&(t.devices?.[l]?.config_entries??[o]).includes(o),i=Object.values(t.entities??{}).filter(l=>l.platform===zt&&!l.hidden&&s(l.device_id));return or(pt(t.locale?.language??t.language??"en"),i,o)}};function Ye(){customElements.get(Ke)||customElements.define(Ke,Qt)}function Xe(e){let n=window.customStrategies??=[];n.some(t=>t.type===zt)||n.push({type:zt,strategyType:"dashboard",name:e("strategy"),description:e("strategy_about"),documentationURL:"https://github.com/commonwatt/commonwatt/blob/main/docs/how-to/use-the-panel.md"})}var sr={"commonwatt-map":K,"commonwatt-plan-chart":ot,"commonwatt-price-chart":At,"commonwatt-panel":T},ir={"commonwatt-certificates":async()=>(await import("./certificates-4UOD2E7G.js")).CommonWattCertificates,"commonwatt-gift":async()=>(await import("./gift-OZWTYJP4.js")).CommonWattGift};function Je(e,n){customElements.get(e)||customElements.define(e,n)}for(let[e,n]of Object.entries(sr))Je(e,n);for(let[e,n]of Object.entries(ir))n().then(t=>Je(e,t));$e();Ye();var Qe=document.documentElement.lang||navigator.language||"en";dt(Qe).then(()=>{let e=pt(Qe);_e(e),Xe(e)});
